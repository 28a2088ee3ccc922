import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type { Provider, RouteQuery } from "@easyremote/shared/protocol";
import {
	DEFAULT_STRATEGY,
	ORDERED_STRATEGY,
	OwnStrategy,
	preferenceOrder,
	type StrategyName,
	type UserStrategy,
} from "@easyremote/shared/routing";
import type { Clock } from "@easyremote/shared/time";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import type { Registry, RegistryChange } from "../registry/registry.js";
import { RouteWatch } from "./route-watch.js";

/** Functions of which it is counted who has asked for them. */
const MAX_ASKED = 1_024;

/** The answer to a query, as of now. */
export interface RouteAnswer {
	readonly providers: readonly Provider[];
	/** The name by which clients know the strategy. */
	readonly strategy: string;
	/** Why there are no providers, when there are none. */
	readonly error: EasyRemoteError | undefined;
}

export interface RouteBoardOptions {
	readonly registry: Registry;
	readonly strategy: StrategyName | UserStrategy;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Keeps everybody who watches a route up to date: clients over their sockets, and the gateway's own caller. */
export class RouteBoard {
	/** What those choose by who can run it themselves. */
	readonly strategy: StrategyName | OwnStrategy;
	readonly #options: RouteBoardOptions;
	/** Watches by the function they ask for; under undefined those that ask for any. */
	readonly #watches = new Map<string | undefined, Set<RouteWatch>>();
	/** How many have asked for a function: each begins with another node. */
	readonly #asked = new LRUCache<string, number>({ max: MAX_ASKED });
	readonly #stopListening: () => void;

	constructor(options: RouteBoardOptions) {
		this.#options = options;
		const { strategy, clock, log } = options;
		this.strategy =
			typeof strategy === "string"
				? strategy
				: new OwnStrategy(strategy, {
						clock,
						report: ({ kind, message, times }) =>
							log.warn({ fault: kind, times }, `routing.strategy: ${message}`),
					});
		this.#stopListening = options.registry.listen((change) =>
			this.#changed(change),
		);
	}

	/** Routes that somebody is kept up to date about. */
	get size(): number {
		let size = 0;
		for (const same of this.#watches.values()) size += same.size;
		return size;
	}

	/**
	 * Tells `listener` the answer as soon as it is known, and again whenever it has changed, until the watch is
	 * closed. Changes in quick succession are gathered; loads alone are told once a second at most.
	 *
	 * @param arranged whether providers come as the gateway's own strategy would have them, for those who cannot run it
	 */
	watch(
		query: RouteQuery,
		principal: Principal,
		listener: (answer: RouteAnswer) => void,
		{ arranged = true }: { readonly arranged?: boolean } = {},
	): RouteWatch {
		const { registry, clock, log } = this.#options;
		const start = this.#nextStart(query.function);
		const answer = (
			providers: readonly Provider[],
			error: EasyRemoteError | undefined,
		) => this.#answer(rotated(providers, start), error, arranged);
		const watch = new RouteWatch({
			query,
			clock,
			ask: () => registry.providersFor(query, principal),
			tell: ({ providers, error }) => listener(answer(providers, error)),
			failed: (error) => {
				log.error({ err: error }, "a route could not be answered");
				listener(answer([], toEasyRemoteError(error)));
			},
			onClose: () => this.#remove(watch),
		});
		const same = this.#watches.get(query.function) ?? new Set();
		this.#watches.set(query.function, same.add(watch));
		watch.start();
		return watch;
	}

	/** Ends every watch. */
	close(): void {
		this.#stopListening();
		for (const same of [...this.#watches.values()])
			for (const watch of [...same]) watch.close();
	}

	#answer(
		providers: readonly Provider[],
		error: EasyRemoteError | undefined,
		arranged: boolean,
	): RouteAnswer {
		const { strategy } = this;
		if (typeof strategy === "string") return { providers, strategy, error };
		if (!arranged) return { providers, strategy: ORDERED_STRATEGY, error };
		const order = preferenceOrder(providers, strategy);
		// It failed, and that was reported: clients go by what it would be here without it.
		if (!order) return { providers, strategy: DEFAULT_STRATEGY, error };
		const unwanted = order.length === 0 && providers.length > 0;
		return {
			providers: order,
			strategy: ORDERED_STRATEGY,
			error: unwanted ? noneWanted(providers.length) : error,
		};
	}

	#nextStart(name = ""): number {
		const start = this.#asked.get(name) ?? 0;
		this.#asked.set(name, start + 1);
		return start;
	}

	#changed({ nodeId, functions }: RegistryChange): void {
		for (const name of [undefined, ...functions])
			for (const watch of this.#watches.get(name) ?? [])
				if (
					watch.query.node === undefined ||
					nodeId === undefined ||
					watch.query.node === nodeId
				)
					watch.touch(nodeId === undefined);
	}

	#remove(watch: RouteWatch): void {
		const same = this.#watches.get(watch.query.function);
		same?.delete(watch);
		if (same?.size === 0) this.#watches.delete(watch.query.function);
	}
}

/**
 * The same list begun elsewhere: callers take nodes they have not used yet in this order, so that many of them do not
 * all begin with the same one.
 */
function rotated<T>(list: readonly T[], start: number): readonly T[] {
	if (list.length < 2) return list;
	const at = start % list.length;
	return [...list.slice(at), ...list.slice(0, at)];
}

function noneWanted(count: number): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the gateway's own routing strategy wants none of the ${count} nodes that could be called`,
	);
}
