import { Slots } from "../async/slots.js";
import type { CancelTimer, Clock } from "./clock.js";

/** Something with a deadline. */
export interface Dated {
	/** When it expires, on the clock's monotonic scale, ms. */
	readonly deadlineAt: number;
	/** Called once, when that time has come; it is not watched any more. */
	expire(): void;
	/** Its place in the watch, which keeps this. */
	watchPlace?: number | undefined;
}

/**
 * Watches the deadlines of everything in flight with one timer, set for the earliest known one.
 * What ends in time costs a place in a list, no timer of its own: calls mostly do.
 */
export class DeadlineWatch {
	readonly #clock: Clock;
	readonly #watched = new Slots<Dated>();
	#cancelTimer: CancelTimer | undefined;
	#timerAt = Number.POSITIVE_INFINITY;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	add(dated: Dated): void {
		if (dated.deadlineAt === Number.POSITIVE_INFINITY) return;
		this.remove(dated);
		dated.watchPlace = this.#watched.add(dated);
		if (dated.deadlineAt < this.#timerAt) this.#arm(dated.deadlineAt);
	}

	remove(dated: Dated): void {
		if (dated.watchPlace === undefined) return;
		this.#watched.remove(dated.watchPlace);
		dated.watchPlace = undefined;
	}

	/** Forgets everything. */
	close(): void {
		for (const dated of this.#watched) dated.watchPlace = undefined;
		this.#watched.clear();
		this.#disarm();
	}

	#arm(at: number): void {
		this.#disarm();
		this.#timerAt = at;
		// Rounded up, since a platform timer may fire up to a millisecond early.
		const delayMs = Math.max(Math.ceil(at - this.#clock.monotonic()), 0);
		this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#expireDue());
	}

	#disarm(): void {
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
		this.#timerAt = Number.POSITIVE_INFINITY;
	}

	#expireDue(): void {
		this.#disarm();
		const now = this.#clock.monotonic();
		const due: Dated[] = [];
		let next = Number.POSITIVE_INFINITY;
		for (const dated of this.#watched) {
			if (dated.deadlineAt <= now) due.push(dated);
			else if (dated.deadlineAt < next) next = dated.deadlineAt;
		}
		for (const dated of due) this.remove(dated);
		if (next < Number.POSITIVE_INFINITY) this.#arm(Math.max(next, now + 1));
		for (const dated of due) dated.expire();
	}
}
