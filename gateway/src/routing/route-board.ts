import {
	type EasyRemoteError,
	toEasyRemoteError,
} from "@easyremote/shared/errors";
import type { Provider, RouteQuery } from "@easyremote/shared/protocol";
import {
	ORDERED_STRATEGY,
	preferenceOrder,
	type StrategyName,
	type UserStrategy,
} from "@easyremote/shared/routing";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import type { Registry, RegistryChange } from "../registry/registry.js";
import { RouteWatch } from "./route-watch.js";

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
	readonly strategy: StrategyName | UserStrategy;
	readonly #options: RouteBoardOptions;
	/** Watches by the function they ask for; under undefined those that ask for any. */
	readonly #watches = new Map<string | undefined, Set<RouteWatch>>();
	readonly #stopListening: () => void;

	constructor(options: RouteBoardOptions) {
		this.#options = options;
		this.strategy = options.strategy;
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
	 */
	watch(
		query: RouteQuery,
		principal: Principal,
		listener: (answer: RouteAnswer) => void,
	): RouteWatch {
		const { registry, clock, log } = this.#options;
		const watch = new RouteWatch({
			query,
			clock,
			ask: () => registry.providersFor(query, principal),
			tell: ({ providers, error }) => listener(this.#answer(providers, error)),
			failed: (error) => {
				log.error({ err: error }, "a route could not be answered");
				listener(this.#answer([], toEasyRemoteError(error)));
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
	): RouteAnswer {
		const { strategy } = this;
		if (typeof strategy === "string") return { providers, strategy, error };
		return {
			providers: preferenceOrder(providers, strategy),
			strategy: ORDERED_STRATEGY,
			error,
		};
	}

	#changed({ nodeId, functions }: RegistryChange): void {
		for (const name of [undefined, ...functions])
			for (const watch of this.#watches.get(name) ?? [])
				if (watch.query.node === undefined || watch.query.node === nodeId)
					watch.touch();
	}

	#remove(watch: RouteWatch): void {
		const same = this.#watches.get(watch.query.function);
		same?.delete(watch);
		if (same?.size === 0) this.#watches.delete(watch.query.function);
	}
}
