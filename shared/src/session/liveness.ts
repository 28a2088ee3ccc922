import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";

export interface LivenessEvents {
	/** Send a ping with this number. */
	ping(number: number): void;
	/** A ping came back: a round trip with no data in the way, ms. */
	measured(rttMs: number): void;
	/** Nothing came for too long. */
	dead(error: EasyRemoteError): void;
}

/** Notices when the far end of a path has gone silent, and measures round trips on the way. */
export class Liveness {
	readonly #clock: Clock;
	readonly #events: LivenessEvents;
	/** Messages that came in, and how many there were at the last look. */
	#messages = 0;
	#messagesSeen = 0;
	/** For how long it has been quiet, as far as the looks show, ms. */
	#silenceMs = 0;
	#cancelWatch: CancelTimer | undefined;
	#cancelProbe: CancelTimer | undefined;

	constructor(clock: Clock, events: LivenessEvents) {
		this.#clock = clock;
		this.#events = events;
	}

	/** Asks once for a sign of life. Pings carry the time they left, in µs: nobody else reads it. */
	ping(): void {
		this.#events.ping(Math.floor(this.#clock.monotonic() * 1000));
	}

	/** A message came in. When, the looks find out: a clock for each costs a small call time. */
	heard(): void {
		this.#messages += 1;
	}

	/** A pong came in. */
	ponged(number: number): void {
		const rttMs = this.#clock.monotonic() - number / 1000;
		if (rttMs >= 0 && rttMs < PROTOCOL.pingTimeoutMs)
			this.#events.measured(rttMs);
	}

	/** Looks every two seconds from now on, and pings when it is quiet. */
	watch(): void {
		this.#cancelWatch = this.#clock.schedule(PROTOCOL.pingIntervalMs, () => {
			const quiet = this.#messages === this.#messagesSeen;
			this.#messagesSeen = this.#messages;
			this.#silenceMs = quiet ? this.#silenceMs + PROTOCOL.pingIntervalMs : 0;
			if (this.#silenceMs >= PROTOCOL.pingTimeoutMs) {
				this.#events.dead(silent(this.#silenceMs));
				return;
			}
			if (quiet) this.ping();
			this.watch();
		});
	}

	/** Without a sign of life within `timeoutMs` from now the far end counts as dead. */
	probe(timeoutMs: number): void {
		if (this.#cancelProbe) return;
		const before = this.#messages;
		this.ping();
		this.#cancelProbe = this.#clock.schedule(timeoutMs, () => {
			this.#cancelProbe = undefined;
			if (this.#messages === before) this.#events.dead(silent(timeoutMs));
		});
	}

	stop(): void {
		this.#cancelWatch?.();
		this.#cancelProbe?.();
	}
}

function silent(ms: number): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`nothing came from the other end for ${ms} ms`,
		{ details: { reason: "silent" } },
	);
}
