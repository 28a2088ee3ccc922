import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import type { OwnStrategy } from "../routing/own-strategy.js";

/**
 * The providers a principal may use for one query, kept up to date by whoever made it.
 * One query has one Route object for as long as it is known, since the caller hangs its chooser on it.
 */
export interface Route {
	/** At most 32 nodes, as of now. Replaced as a whole when they change, never altered in place. */
	readonly providers: readonly Provider[];
	/** The strategy to choose by, as `createChooser` takes it. */
	readonly strategy: string | OwnStrategy;
	/** Why there are no providers, when there are none: NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE, … */
	readonly error: EasyRemoteError | undefined;
	/** A node of it is not what it says: it is asked for anew before another call goes by it. */
	doubt(): void;
	/** Tells `listener` after each change of the above. The answer removes it. */
	subscribe(listener: () => void): () => void;
}

/** Where the caller learns who provides a function: the gateway's answers in a client, the registry in the gateway. */
export interface RouteSource {
	/** The route if it is known, live and not in doubt, so that a call need not wait a turn; else undefined. */
	peek(query: RouteQuery): Route | undefined;
	/**
	 * The route once known. Rejects with `signal`'s reason, with UNAVAILABLE while the gateway is out of reach,
	 * and with the refusal (NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED, …) where nobody may be called.
	 */
	resolve(query: RouteQuery, signal: AbortSignal): Promise<Route>;
}
