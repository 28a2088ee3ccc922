import { TaskScope } from "@easyremote/shared/async";
import {
	LiveRoute,
	type Route,
	type RouteSource,
} from "@easyremote/shared/caller";
import { fromWireError } from "@easyremote/shared/errors";
import type { Link } from "@easyremote/shared/link";
import type { ControlPayload, RouteQuery } from "@easyremote/shared/protocol";
import {
	type BucketRate,
	type Clock,
	pause,
	TokenBucket,
} from "@easyremote/shared/time";
import { reachGateway } from "./reach-gateway.js";

/** Routes kept up to date at most; the one not used for longest goes first. */
const MOST_ROUTES = 256;

/**
 * Questions asked at once, and in the long run: half of what a gateway takes of one client, which it leaves to
 * everything else. Who says more loses its connection (README of the gateway, `controlsPerSecond`).
 */
const PACE: BucketRate = { burst: 1_000, perSecond: 100 };

interface Known {
	readonly route: LiveRoute;
	/** The question under way, shared by those who ask meanwhile. */
	asking: Promise<Route> | undefined;
}

/**
 * Routes by asking the gateway once a query and listening to its updates. While the gateway is away
 * what was known stays in use: a node reached directly goes on serving.
 */
export class LinkRoutes implements RouteSource {
	readonly #link: Link;
	readonly #clock: Clock;
	readonly #changed: (route: LiveRoute) => void;
	readonly #known = new Map<string, Known>();
	readonly #pace: TokenBucket;
	readonly #questions = new TaskScope();
	readonly #stop: () => void;

	/** @param changed told after each update of a route */
	constructor(link: Link, clock: Clock, changed: (route: LiveRoute) => void) {
		this.#link = link;
		this.#clock = clock;
		this.#changed = changed;
		this.#pace = new TokenBucket(PACE, clock);
		this.#stop = link.listen({
			state: (state) => {
				if (state === "online") this.#renew();
			},
			control: (message) => {
				if (message.type === "route_update") this.#update(message.payload);
			},
		});
	}

	peek(query: RouteQuery): Route | undefined {
		const route = this.#known.get(keyOf(query))?.route;
		// Where nobody was found it is worth asking again.
		if (!route || route.providers.length === 0) return undefined;
		// While the gateway is away nobody knows better.
		return route.doubted && this.#link.state === "online" ? undefined : route;
	}

	resolve(query: RouteQuery, signal: AbortSignal): Promise<Route> {
		signal.throwIfAborted();
		const key = keyOf(query);
		let known = this.#known.get(key);
		if (known) this.#known.delete(key);
		else known = { route: new LiveRoute(query), asking: undefined };
		this.#known.set(key, known);
		this.#forgetOldest();
		known.asking ??= this.#ask(known);
		return untilAborted(known.asking, signal);
	}

	close(reason: Error): void {
		this.#questions.abort(reason);
		this.#stop();
		this.#known.clear();
	}

	async #ask(known: Known): Promise<Route> {
		const { route } = known;
		try {
			const answer = await this.#questions.run((signal) =>
				this.#question(route.query, signal),
			);
			this.#apply(route, answer);
			if (route.error && route.providers.length === 0) throw route.error;
			return route;
		} finally {
			known.asking = undefined;
		}
	}

	async #question(
		query: RouteQuery,
		signal: AbortSignal,
	): Promise<ControlPayload<"route_update">> {
		while (!this.#pace.take()) {
			await pause(this.#clock, this.#pace.waitMs(), signal);
			signal.throwIfAborted();
		}
		await reachGateway(this.#link, this.#clock, signal);
		return this.#link.request("route", { query }, "route_update", { signal });
	}

	/** A new connection knows nothing of what the last one asked for. */
	#renew(): void {
		for (const known of this.#known.values()) {
			if (known.route.providers.length === 0) continue;
			known.asking ??= this.#ask(known);
			// Nobody waits for it: what it would tell, the next call finds out.
			known.asking.catch(() => undefined);
		}
	}

	#update(payload: ControlPayload<"route_update">): void {
		const known = this.#known.get(keyOf(payload.query));
		if (known) this.#apply(known.route, payload);
	}

	#apply(route: LiveRoute, payload: ControlPayload<"route_update">): void {
		const { providers, strategy, error } = payload;
		route.update({ providers, strategy, error: error && fromWireError(error) });
		this.#changed(route);
	}

	#forgetOldest(): void {
		const [oldest] = this.#known;
		if (this.#known.size <= MOST_ROUTES || !oldest) return;
		const [key, { route }] = oldest;
		this.#known.delete(key);
		this.#link.send("route_drop", { query: route.query });
	}
}

/** Names are plain words, so these cannot be mixed up. */
function keyOf({ node, function: name, tags }: RouteQuery): string {
	const place = `${node ?? ""}.${name ?? ""}`;
	return tags && tags.length > 0 ? `${place} ${JSON.stringify(tags)}` : place;
}

/** One caller's wait for what several wait for. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason as Error);
		signal.addEventListener("abort", onAbort);
		promise
			.then(resolve, reject)
			.finally(() => signal.removeEventListener("abort", onAbort));
	});
}
