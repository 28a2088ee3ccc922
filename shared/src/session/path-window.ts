/** Bounds of the window, bytes. */
const SMALLEST = 64 * 1024;
const FIRST = 128 * 1024;
const LARGEST = 4 * 1024 * 1024;

/** A round trip this much over the smallest one (factor, and ms on top) means a queue builds up somewhere. */
const QUEUE_FACTOR = 1.5;
const QUEUE_SLACK_MS = 15;

/** What a full queue takes from the window, once a round trip. */
const BACK_OFF = 0.8;

/**
 * How many bytes may be on their way on one path, by the round trips its acknowledgements show:
 * it grows while the round trip stays near the smallest seen (doubling each at first, then by one
 * message a round trip) and shrinks once a round trip when it does not. Delay-based as TCP Vegas
 * (Brakmo & Peterson, 1995) is; it keeps queues short, so that small calls pass large ones.
 */
export class PathWindow {
	#bytes = FIRST;
	#slowStart = true;
	#smallestRttMs = Number.POSITIVE_INFINITY;
	#smoothedRttMs: number | undefined;
	#shrunkAtMs = Number.NEGATIVE_INFINITY;

	/** Bytes that may be on their way. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Smoothed round trip, ms (RFC 6298 §2 weights), once measured. */
	get rttMs(): number | undefined {
		return this.#smoothedRttMs;
	}

	/** Takes a round trip measured without data behind it (a ping). */
	measured(rttMs: number): void {
		this.#smallestRttMs = Math.min(this.#smallestRttMs, rttMs);
		this.#smoothedRttMs =
			this.#smoothedRttMs === undefined
				? rttMs
				: this.#smoothedRttMs * 0.875 + rttMs * 0.125;
	}

	/**
	 * Takes an acknowledgement of `bytes` that took `rttMs`.
	 * @param limited whether the window, and not a lack of data, held the sender back
	 */
	acknowledged(
		bytes: number,
		rttMs: number,
		nowMs: number,
		limited: boolean,
	): void {
		this.measured(rttMs);
		if (rttMs > this.#smallestRttMs * QUEUE_FACTOR + QUEUE_SLACK_MS) {
			this.#shrink(nowMs, rttMs);
			return;
		}
		if (!limited) return;
		const growth = this.#slowStart ? bytes : (bytes * SMALLEST) / this.#bytes;
		this.#bytes = Math.min(LARGEST, this.#bytes + growth);
	}

	#shrink(nowMs: number, rttMs: number): void {
		this.#slowStart = false;
		if (nowMs - this.#shrunkAtMs < rttMs) return;
		this.#shrunkAtMs = nowMs;
		this.#bytes = Math.max(SMALLEST, this.#bytes * BACK_OFF);
	}
}
