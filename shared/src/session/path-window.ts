import { DeliveryRate } from "./delivery-rate.js";

/** Bounds of the window, bytes. */
const SMALLEST = 64 * 1024;
const FIRST = 128 * 1024;
const LARGEST = 4 * 1024 * 1024;

/** A round trip this much over the smallest one (factor, and ms on top) means a queue builds up somewhere. */
const QUEUE_FACTOR = 1.5;
const QUEUE_SLACK_MS = 15;

/** What a full queue takes from the window, after each round trip that found it. */
const BACK_OFF = 0.8;

/**
 * How many bytes may be on their way on one path, by the round trips its acknowledgements show:
 * it grows while the round trip stays near the smallest seen (doubling each at first, then by one
 * message a round trip) and shrinks after a round trip in which not one acknowledgement was near it.
 * Delay-based as TCP Vegas (Brakmo & Peterson, 1995) is; it keeps queues short, so that small calls pass
 * large ones. Looking at the best of a round trip tells a standing queue from an end that had no CPU for
 * a moment (as CoDel does, RFC 8289 §3), and what the path has lately carried within the delay allowed
 * it may always hold: on a machine whose CPU is short, all round trips are long, and shrinking for that
 * would cost bulk most of its speed.
 */
export class PathWindow {
	#bytes = FIRST;
	#slowStart = true;
	#smallestRttMs = Number.POSITIVE_INFINITY;
	#smoothedRttMs: number | undefined;
	/** The round trip being judged: when it ends, and the best acknowledgement in it. */
	#judgedAtMs: number | undefined;
	#bestRttMs = Number.POSITIVE_INFINITY;
	readonly #rate = new DeliveryRate();

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
		const highest = this.#smallestRttMs * QUEUE_FACTOR + QUEUE_SLACK_MS;
		this.#rate.acknowledged(bytes, nowMs);
		this.#judge(nowMs, rttMs, highest);
		if (!limited || rttMs > highest) return;
		const growth = this.#slowStart ? bytes : (bytes * SMALLEST) / this.#bytes;
		this.#bytes = Math.min(LARGEST, this.#bytes + growth);
	}

	#judge(nowMs: number, rttMs: number, highest: number): void {
		this.#bestRttMs = Math.min(this.#bestRttMs, rttMs);
		this.#judgedAtMs ??= nowMs + rttMs;
		if (nowMs < this.#judgedAtMs) return;
		if (this.#bestRttMs > highest) {
			this.#slowStart = false;
			const carried = Math.min(this.#rate.bytesPerMs * highest, this.#bytes);
			this.#bytes = Math.max(SMALLEST, this.#bytes * BACK_OFF, carried);
		}
		this.#judgedAtMs = nowMs + rttMs;
		this.#bestRttMs = Number.POSITIVE_INFINITY;
	}
}
