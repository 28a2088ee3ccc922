import { LiveRoute } from "../caller/live-route.js";
import type { Route, RouteSource } from "../caller/route-source.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import type { TestNode } from "./test-node.js";

/** Who offers what in a test network, as a gateway would tell it. */
export class TestRoutes implements RouteSource {
	readonly #nodes: () => Iterable<TestNode>;
	readonly #known = new Map<string, LiveRoute>();

	constructor(nodes: () => Iterable<TestNode>) {
		this.#nodes = nodes;
	}

	peek(query: RouteQuery): Route | undefined {
		const route = this.#known.get(keyOf(query));
		const sound = route && !route.doubted && route.providers.length > 0;
		return sound ? route : undefined;
	}

	async resolve(query: RouteQuery): Promise<Route> {
		const key = keyOf(query);
		const route = this.#known.get(key) ?? new LiveRoute(query);
		this.#known.set(key, route);
		this.#update(route);
		if (route.error) throw route.error;
		return route;
	}

	/** Nodes came or went. */
	changed(): void {
		for (const route of this.#known.values()) this.#update(route);
	}

	#update(route: LiveRoute): void {
		const { query } = route;
		const providers = this.#providers(query);
		const error = providers.length > 0 ? undefined : nobody(query);
		route.update({ providers, strategy: "round_robin", error });
	}

	#providers({ node, function: name }: RouteQuery): readonly Provider[] {
		return [...this.#nodes()]
			.filter(({ id, reachable }) => reachable && (node ?? id) === id)
			.map(({ provider }) => provider)
			.filter(({ functions }) => functions.some((one) => one.name === name));
	}
}

function keyOf({ node, function: name }: RouteQuery): string {
	return `${node ?? ""}.${name ?? ""}`;
}

function nobody({ node, function: name }: RouteQuery): EasyRemoteError {
	const place = node === undefined ? "" : `${node}.`;
	return new EasyRemoteError(
		"NOT_FOUND",
		`no node in reach offers "${place}${name ?? ""}"`,
	);
}
