import { randomBytes } from "node:crypto";
import {
	Caller,
	type CallObserver,
	InFlight,
	SessionPool,
} from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import type { Principal } from "../auth/principal.js";
import type { Relay } from "../relay/relay.js";
import { LocalRoutes } from "../routing/local-routes.js";
import type { RouteBoard } from "../routing/route-board.js";

export interface LocalCallersOptions {
	readonly board: RouteBoard;
	readonly relay: Relay;
	readonly clock: Clock;
	/** Hears of each principal's calls. */
	readonly observe: (principal: Principal) => CallObserver;
}

interface Entry {
	readonly caller: Caller;
	readonly pool: SessionPool;
	readonly routes: LocalRoutes;
}

/**
 * Callers that live in the gateway, one for each principal: REST calls are made by the same code as a client's, over
 * sessions that the relay opens in this process.
 */
export class LocalCallers {
	readonly #options: LocalCallersOptions;
	readonly #entries = new Map<string, Entry>();
	/** Shared, since all load the same nodes. */
	readonly #inFlight = new InFlight();

	constructor(options: LocalCallersOptions) {
		this.#options = options;
	}

	/** The caller that acts for a principal. */
	for(principal: Principal): Caller {
		let entry = this.#entries.get(principal.id);
		if (!entry) {
			entry = this.#make(principal);
			this.#entries.set(principal.id, entry);
		}
		return entry.caller;
	}

	/** Ends what runs for principals whose credential is void. */
	drop(principalIds: readonly string[]): void {
		for (const id of principalIds) {
			this.#end(
				id,
				new EasyRemoteError(
					"UNAUTHENTICATED",
					"the credential has expired or was revoked",
				),
			);
		}
	}

	/** Ends everything; calls still under way fail with UNAVAILABLE. */
	close(): void {
		for (const id of [...this.#entries.keys()]) {
			this.#end(
				id,
				new EasyRemoteError("UNAVAILABLE", "the gateway is shutting down"),
			);
		}
	}

	#make(principal: Principal): Entry {
		const { board, relay, clock, observe } = this.#options;
		const routes = new LocalRoutes(board, principal);
		const pool = new SessionPool({
			opener: {
				restarting: false,
				open: ({ sessionId, nodeId }) =>
					Promise.resolve(relay.openLocal({ sessionId, nodeId, principal })),
			},
			randomId: () => randomBytes(16).toString("base64url"),
			random: Math.random,
			clock,
		});
		const caller = new Caller({
			routes,
			sessions: pool,
			inFlight: this.#inFlight,
			clock,
			random: Math.random,
			observer: observe(principal),
		});
		return { caller, pool, routes };
	}

	#end(id: string, error: EasyRemoteError): void {
		const entry = this.#entries.get(id);
		if (!entry) return;
		this.#entries.delete(id);
		entry.pool.close(error);
		entry.routes.close();
		entry.caller.close();
	}
}
