import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import { PooledSession } from "./pooled-session.js";
import type { SessionOpener } from "./session-opener.js";
import type { CallerSession, SessionSource } from "./session-source.js";

/** What a pool is made of. */
export interface SessionPoolOptions {
	readonly opener: SessionOpener;
	/** Makes session ids: 128 random bits as URL-safe text. They are secrets of both ends. */
	readonly randomId: () => string;
	/** A number in [0, 1), not for secrets. */
	readonly random: () => number;
	/** Told when the ways to a node have changed. */
	readonly pathsChanged?: ((nodeId: string) => void) | undefined;
	/** A session without calls for this long is closed, ms. */
	readonly idleMs?: number;
	readonly clock?: Clock;
}

interface Entry {
	readonly pooled: PooledSession;
	/** Looks in a row that found it without calls. */
	quietLooks: number;
}

/** One session a node, opened when first needed, kept while used. */
export class SessionPool implements SessionSource {
	readonly #options: SessionPoolOptions;
	readonly #clock: Clock;
	readonly #idleMs: number;
	readonly #entries = new Map<string, Entry>();
	#cancelSweep: CancelTimer | undefined;
	#closed = false;

	constructor(options: SessionPoolOptions) {
		this.#options = options;
		this.#clock = options.clock ?? systemClock;
		this.#idleMs = options.idleMs ?? PROTOCOL.sessionIdleMs;
	}

	/** Sessions open now, by node. */
	get sessions(): ReadonlyMap<string, CallerSession> {
		return new Map(
			[...this.#entries].map(([nodeId, { pooled }]) => [nodeId, pooled]),
		);
	}

	session(
		nodeId: string,
		{ direct }: { readonly direct: boolean },
	): CallerSession {
		const entry = this.#entries.get(nodeId);
		if (!entry) return this.#make(nodeId, direct);
		entry.quietLooks = 0;
		if (direct) entry.pooled.wantDirect();
		return entry.pooled;
	}

	/** This machine has other addresses than before. */
	networkChanged(): void {
		for (const { pooled } of this.#entries.values()) pooled.networkChanged();
	}

	/** Ends every session; calls still open fail with `error`, or CANCELLED. */
	close(error?: EasyRemoteError): void {
		this.#closed = true;
		for (const { pooled } of [...this.#entries.values()]) pooled.close(error);
		this.#cancelSweep?.();
		this.#cancelSweep = undefined;
	}

	#make(nodeId: string, direct: boolean): CallerSession {
		const { opener, random, randomId, pathsChanged } = this.#options;
		const pooled: PooledSession = new PooledSession({
			id: randomId(),
			nodeId,
			direct,
			opener,
			random,
			clock: this.#clock,
			onPaths: () => pathsChanged?.(nodeId),
			onClosed: () => {
				if (this.#entries.get(nodeId)?.pooled === pooled)
					this.#entries.delete(nodeId);
				pathsChanged?.(nodeId);
			},
		});
		if (this.#closed) {
			pooled.close();
			return pooled;
		}
		this.#entries.set(nodeId, { pooled, quietLooks: 0 });
		this.#cancelSweep ??= this.#planSweep();
		return pooled;
	}

	/** One timer for all: a session goes between one and one and a half times the idle time after its last call. */
	#planSweep(): CancelTimer {
		return this.#clock.schedule(this.#idleMs / 2, () => {
			this.#cancelSweep = undefined;
			this.#sweep();
			if (this.#entries.size > 0) this.#cancelSweep = this.#planSweep();
		});
	}

	#sweep(): void {
		for (const entry of [...this.#entries.values()]) {
			entry.quietLooks = entry.pooled.idle ? entry.quietLooks + 1 : 0;
			if (entry.quietLooks > 2) entry.pooled.close();
		}
	}
}
