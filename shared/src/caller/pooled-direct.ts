import { type Deferred, deferred } from "../async/deferred.js";
import {
	noAttempt,
	type PathReport,
	type PathState,
} from "../peer/path-report.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type { Clock } from "../time/clock.js";
import type { OpenedRelay, DirectPath } from "./session-opener.js";
import type { DirectStatus } from "./session-source.js";

const SESSION_OVER = noAttempt("off", "the session is over");
const NEVER_DIRECT = noAttempt(
	"off",
	"this caller makes no direct connections",
);
const NOT_ASKED_FOR = noAttempt("off", "no call has asked for one");
const NODE_DECLINES = noAttempt(
	"off",
	"the node does not accept direct connections",
);
const NOT_YET_KNOWN = noAttempt("connecting");

/** Makes the direct side of a session, whose code may have to be fetched first. */
export type MakeDirect = () => DirectPath | Promise<DirectPath>;

/**
 * The direct status of a pooled session from its first moment: before a direct path is wanted, while
 * the node has not said whether it takes part, and from then on as the path itself reports.
 */
export class PooledDirect implements DirectStatus {
	readonly #make: MakeDirect | undefined;
	readonly #clock: Clock;
	#wanted: boolean;
	#path: DirectPath | undefined;
	/** Where the path is to negotiate. */
	#relay: OpenedRelay | undefined;
	#making = false;
	/** Why there is none although one is wanted. */
	#without: PathReport | undefined;
	#closed = false;
	/** Settles when it is known whether there will be a path at all. */
	#known: Deferred<undefined> | undefined;

	/** @param make makes the direct side; undefined where there never is one */
	constructor(make: MakeDirect | undefined, wanted: boolean, clock: Clock) {
		this.#make = make;
		this.#wanted = wanted;
		this.#clock = clock;
	}

	get state(): PathState {
		if (!this.wanted || this.#closed) return "off";
		if (this.#path) return this.#path.status.state;
		return this.#without?.state ?? "connecting";
	}

	get report(): PathReport {
		if (this.#closed) return SESSION_OVER;
		if (!this.#make) return NEVER_DIRECT;
		if (!this.#wanted) return NOT_ASKED_FOR;
		if (this.#path) return this.#path.status.report;
		return this.#without ?? NOT_YET_KNOWN;
	}

	/** This machine has other addresses than before. */
	networkChanged(): void {
		this.#path?.networkChanged?.();
	}

	/** Whether one is asked for, and possible here. */
	get wanted(): boolean {
		return this.#wanted && this.#make !== undefined;
	}

	/** Asks for one from now on. True if that is news to the node. */
	want(): boolean {
		if (this.#wanted || !this.#make) return false;
		this.#wanted = true;
		return true;
	}

	/** A call was made that may take it. */
	used(): void {
		this.#path?.used();
	}

	/** The node has taken the session over `relay`. */
	taken(relay: OpenedRelay, direct: boolean): void {
		if (!this.wanted || this.#closed) return;
		if (direct && this.#make) {
			this.#without = undefined;
			this.#relay = relay;
			if (this.#path) this.#path.start(relay);
			else if (!this.#making) void this.#begin(this.#make);
		} else if (!this.#path) {
			this.#without = NODE_DECLINES;
			this.#tellKnown();
		}
	}

	async whenOpen(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
		signal?.throwIfAborted();
		if (this.state !== "connecting") return this.state === "open";
		const askedAt = this.#clock.monotonic();
		if (!this.#path) await this.#whenKnown(timeoutMs, signal);
		if (!this.#path || this.#closed) return false;
		const leftMs = timeoutMs - (this.#clock.monotonic() - askedAt);
		return this.#path.status.whenOpen(Math.max(leftMs, 0), signal);
	}

	close(): void {
		this.#closed = true;
		this.#path?.close();
		this.#tellKnown();
	}

	async #begin(make: MakeDirect): Promise<void> {
		this.#making = true;
		try {
			const path = await make();
			if (this.#closed) path.close();
			else {
				this.#path = path;
				if (this.#relay) path.start(this.#relay);
			}
		} catch (error) {
			const { message, hint: fix } = toEasyRemoteError(error);
			this.#without = { ...noAttempt("failed", message), fix };
		}
		this.#making = false;
		this.#tellKnown();
	}

	async #whenKnown(
		timeoutMs: number,
		signal: AbortSignal | undefined,
	): Promise<void> {
		this.#known ??= deferred();
		const over = deferred<undefined>();
		const onAbort = () => over.reject(signal?.reason);
		const cancelTimer = this.#clock.schedule(timeoutMs, () =>
			over.resolve(undefined),
		);
		signal?.addEventListener("abort", onAbort);
		try {
			await Promise.race([this.#known.promise, over.promise]);
		} finally {
			cancelTimer();
			signal?.removeEventListener("abort", onAbort);
		}
	}

	#tellKnown(): void {
		this.#known?.resolve(undefined);
		this.#known = undefined;
	}
}
