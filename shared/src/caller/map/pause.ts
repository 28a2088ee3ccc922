import type { CancelTimer, Clock } from "../../time/clock.js";

/** A time during which nothing is to be sent. */
export class Pause {
	readonly #clock: Clock;
	readonly #over: () => void;
	#untilMs = Number.NEGATIVE_INFINITY;
	#cancel: CancelTimer | undefined;

	/** @param over told when a pause that was asked about has passed */
	constructor(clock: Clock, over: () => void) {
		this.#clock = clock;
		this.#over = over;
	}

	/** Lasts for `ms` from now at least. */
	extend(ms: number): void {
		this.#untilMs = Math.max(this.#untilMs, this.#clock.monotonic() + ms);
	}

	/** Whether it lasts; if so, `over` follows. */
	lasts(): boolean {
		const leftMs = this.#untilMs - this.#clock.monotonic();
		if (leftMs <= 0) return false;
		this.#cancel?.();
		this.#cancel = this.#clock.schedule(Math.ceil(leftMs), this.#over);
		return true;
	}

	stop(): void {
		this.#cancel?.();
	}
}
