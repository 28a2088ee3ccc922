import { randomBytes } from "node:crypto";
import {
	type AnswerSource,
	Caller,
	type CallObserver,
	InFlight,
	SessionPool,
	type Verdict,
} from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Principal } from "../auth/principal.js";
import type { Relay } from "../relay/relay.js";
import { LocalRoutes } from "../routing/local-routes.js";
import type { RouteBoard } from "../routing/route-board.js";

export interface LocalCallersOptions {
	readonly board: RouteBoard;
	readonly relay: Relay;
	readonly clock: Clock;
	/** Answers kept for each principal. */
	readonly answers?: (principal: Principal) => AnswerSource;
	/** Hears how donors' results compare with others'. */
	readonly verdict?: (verdict: Verdict) => void;
	/** Hears of each principal's calls. */
	readonly observe: (principal: Principal) => CallObserver;
}

/** How often entries are looked at, ms: bounds how long a call goes on once its token has expired. */
const SWEEP_MS = 5_000;
/** An entry not used for this long, and without sessions, is forgotten, ms. */
const UNUSED_MS = 60_000;

interface Entry {
	readonly principalId: string;
	/** When the last of the credentials it was used with is void, ms since the epoch. */
	expiresAt: number;
	usedAtMs: number;
	readonly caller: Caller;
	readonly pool: SessionPool;
	readonly routes: LocalRoutes;
}

/**
 * Callers that live in the gateway, one for each principal with the same grants (tokens of one subject may differ in
 * what they allow): REST calls are made by the same code as a client's, over
 * sessions that the relay opens in this process.
 */
export class LocalCallers {
	readonly #options: LocalCallersOptions;
	readonly #entries = new Map<string, Entry>();
	/** Shared, since all load the same nodes. */
	readonly #inFlight = new InFlight();
	#cancelSweep: CancelTimer | undefined;

	constructor(options: LocalCallersOptions) {
		this.#options = options;
	}

	/** The caller that acts for a principal. */
	for(principal: Principal): Caller {
		const { id, grants, expiresAt = Number.POSITIVE_INFINITY } = principal;
		// Calls that may last do not lend their time to those of a token that runs out.
		const lasting = expiresAt === Number.POSITIVE_INFINITY ? "lasting" : "";
		const key = [lasting, id, ...grants].join("\n");
		let entry = this.#entries.get(key);
		if (!entry) {
			entry = this.#make(principal);
			this.#entries.set(key, entry);
			this.#cancelSweep ??= this.#planSweep();
		}
		entry.expiresAt = Math.max(entry.expiresAt, expiresAt);
		entry.usedAtMs = this.#options.clock.monotonic();
		return entry.caller;
	}

	/** Ends what runs for principals whose credential is void. */
	drop(principalIds: readonly string[]): void {
		const void_ = new Set(principalIds);
		for (const [key, { principalId }] of [...this.#entries])
			if (void_.has(principalId)) this.#end(key, credentialVoid());
	}

	/** Ends everything; calls still under way fail with UNAVAILABLE. */
	close(): void {
		this.#cancelSweep?.();
		for (const key of [...this.#entries.keys()]) {
			this.#end(
				key,
				new EasyRemoteError("UNAVAILABLE", "the gateway is shutting down"),
			);
		}
	}

	#make(principal: Principal): Entry {
		const { board, relay, clock, answers, observe, verdict } = this.#options;
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
			answers: answers?.(principal),
			observer: observe(principal),
			...(verdict && { verdict }),
		});
		return {
			principalId: principal.id,
			expiresAt: 0,
			usedAtMs: 0,
			caller,
			pool,
			routes,
		};
	}

	#planSweep(): CancelTimer {
		return this.#options.clock.schedule(SWEEP_MS, () => {
			this.#sweep();
			this.#cancelSweep =
				this.#entries.size > 0 ? this.#planSweep() : undefined;
		});
	}

	#sweep(): void {
		const { clock } = this.#options;
		for (const [key, entry] of [...this.#entries]) {
			const unusedMs = clock.monotonic() - entry.usedAtMs;
			if (entry.expiresAt <= clock.now()) this.#end(key, credentialVoid());
			else if (unusedMs >= UNUSED_MS && entry.pool.sessions.size === 0)
				this.#end(key);
		}
	}

	#end(key: string, error?: EasyRemoteError): void {
		const entry = this.#entries.get(key);
		if (!entry) return;
		this.#entries.delete(key);
		entry.pool.close(error);
		entry.routes.close();
		entry.caller.close();
	}
}

function credentialVoid(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAUTHENTICATED",
		"the credential has expired or was revoked",
	);
}
