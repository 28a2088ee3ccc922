import {
	LiveRoute,
	type Route,
	type RouteSource,
} from "@easyremote/shared/caller";
import { type Deferred, deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { RouteQuery } from "@easyremote/shared/protocol";
import { LRUCache } from "lru-cache";
import type { Principal } from "../auth/principal.js";
import { queryKey } from "./query-key.js";
import type { RouteBoard } from "./route-board.js";
import type { RouteWatch } from "./route-watch.js";

/** Queries kept up to date for one principal; the one not used for longest is dropped. */
const MAX_ROUTES = 256;

/** The routes of one principal whose caller lives in this process: straight from the board, without a socket. */
export class LocalRoutes implements RouteSource {
	readonly #board: RouteBoard;
	readonly #principal: Principal;
	readonly #routes = new LRUCache<string, LocalRoute>({
		max: MAX_ROUTES,
		dispose: (route) => route.close(),
	});

	constructor(board: RouteBoard, principal: Principal) {
		this.#board = board;
		this.#principal = principal;
	}

	peek(query: RouteQuery): Route | undefined {
		const route = this.#routes.get(queryKey(query));
		return route?.usable ? route : undefined;
	}

	async resolve(query: RouteQuery, signal: AbortSignal): Promise<Route> {
		signal.throwIfAborted();
		const route = this.#watched(query);
		// The registry is in this process or near it: there is nothing to wait for that a signal could cut short.
		await route.whenKnown();
		signal.throwIfAborted();
		if (route.usable) return route;
		// Kept, what does not exist would crowd out what does, and be looked up at each change.
		if (this.#routes.peek(queryKey(query)) === route)
			this.#routes.delete(queryKey(query));
		throw (
			route.error ??
			new EasyRemoteError("UNAVAILABLE", "the gateway has too much to do", {
				retryAfterMs: 100,
			})
		);
	}

	/** Stops watching. */
	close(): void {
		this.#routes.clear();
	}

	/** A route that leads nowhere is asked for anew: a node may have come since, and changes are told a little late. */
	#watched(query: RouteQuery): LocalRoute {
		const key = queryKey(query);
		const known = this.#routes.get(key);
		if (known && !known.error) return known;
		const route = new LocalRoute(this.#board, query, this.#principal);
		this.#routes.set(key, route);
		return route;
	}
}

class LocalRoute extends LiveRoute {
	#closed = false;
	readonly #known: Deferred<void> = deferred();
	readonly #watch: RouteWatch;

	constructor(board: RouteBoard, query: RouteQuery, principal: Principal) {
		super(query);
		this.#watch = board.watch(
			query,
			principal,
			({ providers, error }) => {
				this.#known.resolve();
				this.update({ providers, strategy: board.strategy, error });
			},
			{ arranged: false },
		);
	}

	/** Whether it says, now and from now on, who may be called. */
	get usable(): boolean {
		return !this.#closed && !this.doubted && this.providers.length > 0;
	}

	/** Resolves when the answer is known and not in doubt, or will never be. */
	async whenKnown(): Promise<void> {
		await this.#known.promise;
		if (this.doubted) await this.#watch.renew();
	}

	close(): void {
		this.#watch.close();
		this.#closed = true;
		this.#known.resolve();
	}
}
