import type { Route, RouteSource } from "../caller/route-source.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import type { TestNode } from "./test-node.js";

/** Who offers what in a test network, as a gateway would tell it. */
export class TestRoutes implements RouteSource {
	readonly #nodes: () => Iterable<TestNode>;
	readonly #known = new Map<string, TestRoute>();

	constructor(nodes: () => Iterable<TestNode>) {
		this.#nodes = nodes;
	}

	peek(query: RouteQuery): Route | undefined {
		const route = this.#known.get(keyOf(query));
		return route && route.providers.length > 0 ? route : undefined;
	}

	async resolve(query: RouteQuery): Promise<Route> {
		const key = keyOf(query);
		const route = this.#known.get(key) ?? new TestRoute(query);
		this.#known.set(key, route);
		route.update(this.#providers(query));
		if (route.error) throw route.error;
		return route;
	}

	/** Nodes came or went. */
	changed(): void {
		for (const route of this.#known.values())
			route.update(this.#providers(route.query));
	}

	#providers({ node, function: name }: RouteQuery): readonly Provider[] {
		return [...this.#nodes()]
			.filter(({ id, reachable }) => reachable && (node ?? id) === id)
			.map(({ provider }) => provider)
			.filter(({ functions }) => functions.some((one) => one.name === name));
	}
}

class TestRoute implements Route {
	readonly query: RouteQuery;
	readonly strategy = "round_robin";
	#providers: readonly Provider[] = [];
	readonly #listeners = new Set<() => void>();

	constructor(query: RouteQuery) {
		this.query = query;
	}

	get providers(): readonly Provider[] {
		return this.#providers;
	}

	get error(): EasyRemoteError | undefined {
		if (this.#providers.length > 0) return undefined;
		const { node, function: name } = this.query;
		return new EasyRemoteError(
			"NOT_FOUND",
			`no node in reach offers "${node === undefined ? "" : `${node}.`}${name ?? ""}"`,
		);
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	update(providers: readonly Provider[]): void {
		this.#providers = providers;
		for (const listener of [...this.#listeners]) listener();
	}
}

function keyOf({ node, function: name }: RouteQuery): string {
	return `${node ?? ""}.${name ?? ""}`;
}
