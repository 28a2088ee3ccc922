import type { Clock } from "./clock.js";

/** How fast one party may do something. */
export interface BucketRate {
	/** How often at once. */
	readonly burst: number;
	/** How often in the long run, a second. */
	readonly perSecond: number;
}

/** A token bucket, full at first. */
export class TokenBucket {
	readonly #rate: BucketRate;
	readonly #clock: Clock;
	#tokens: number;
	#atMs: number;

	constructor(rate: BucketRate, clock: Clock) {
		this.#rate = rate;
		this.#clock = clock;
		this.#tokens = rate.burst;
		this.#atMs = clock.monotonic();
	}

	/** Takes a token; false if there was none. */
	take(): boolean {
		if (this.#refill() < 1) return false;
		this.#tokens -= 1;
		return true;
	}

	/** How long until `take` succeeds again, ms; 0 is now. Takes nothing. */
	waitMs(): number {
		const missing = 1 - this.#refill();
		return missing <= 0
			? 0
			: Math.ceil((missing / this.#rate.perSecond) * 1_000);
	}

	#refill(): number {
		const now = this.#clock.monotonic();
		const { burst, perSecond } = this.#rate;
		const earned = ((now - this.#atMs) / 1_000) * perSecond;
		this.#tokens = Math.min(burst, this.#tokens + earned);
		this.#atMs = now;
		return this.#tokens;
	}
}
