import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";

/** So much unsaid rides on the next message that leaves, bytes; less only where nothing was said for a while, ms. */
const RIDING_BYTES = 8 * 1024;
const QUIET_MS = PROTOCOL.ackDelayMs / 2;

/**
 * What has come in on a path, and when the far end hears of it. To say it costs both ends a frame: for small calls in
 * quick succession it is said once for many.
 */
export class Receipts {
	readonly #clock: Clock;
	readonly #say: (received: number, waitedUs: number) => void;
	#received = 0;
	/** Bytes that are not said yet. */
	#unsaid = 0;
	#saidAtMs = Number.NEGATIVE_INFINITY;
	/** When the first came that is not said yet. */
	#unsaidSinceMs = 0;
	#cancelTimer: CancelTimer | undefined;

	/** @param say queues the frame that says so: bytes in all, and how long the news waited, µs */
	constructor(clock: Clock, say: (received: number, waitedUs: number) => void) {
		this.#clock = clock;
		this.#say = say;
	}

	/** Counts what came. */
	count(bytes: number): void {
		if (this.#unsaid === 0) this.#unsaidSinceMs = this.#clock.monotonic();
		this.#received += bytes;
		this.#unsaid += bytes;
		if (this.#unsaid >= PROTOCOL.ackBytes) this.#tell();
		else if (!this.#cancelTimer) this.#plan(PROTOCOL.ackDelayMs);
	}

	/** A message is about to leave, with room for a frame. */
	ride(): void {
		if (this.#unsaid === 0) return;
		const quietMs = this.#clock.monotonic() - this.#saidAtMs;
		if (this.#unsaid >= RIDING_BYTES || quietMs >= QUIET_MS) this.#tell();
	}

	stop(): void {
		this.#cancelTimer?.();
	}

	#tell(): void {
		this.#saidAtMs = this.#clock.monotonic();
		this.#unsaid = 0;
		const waitedUs = Math.round((this.#saidAtMs - this.#unsaidSinceMs) * 1000);
		this.#say(this.#received, Math.min(waitedUs, 0xffff_ffff));
	}

	/** It mostly rides on another message: the timer is left to find that out, which is less than to cancel it. */
	#plan(delayMs: number): void {
		this.#cancelTimer = this.#clock.schedule(delayMs, () => {
			this.#cancelTimer = undefined;
			if (this.#unsaid === 0) return;
			const dueAtMs = this.#unsaidSinceMs + PROTOCOL.ackDelayMs;
			const leftMs = Math.ceil(dueAtMs - this.#clock.monotonic());
			if (leftMs > 0) this.#plan(leftMs);
			else this.#tell();
		});
	}
}
