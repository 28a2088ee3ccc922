import type { PathKind } from "./call-end.js";

/** Bounds of the window, bytes. */
const SMALLEST = 64 * 1024;
const FIRST = 128 * 1024;
const LARGEST = 4 * 1024 * 1024;

/** A round trip this much over the smallest one (factor, and ms on top) means a queue builds up somewhere. */
const QUEUE_FACTOR = 1.5;
const QUEUE_SLACK_MS = 15;

/** What a full queue takes from the window, once a round trip. */
const BACK_OFF = 0.8;

/** What the path holds at its smallest round trip is filled this far, so that a rate that grows is noticed: as BBR probes. */
const FILL = 1.25;
/**
 * What may wait besides: enough to keep both ends busy while neither is scheduled on time, which on a
 * fast path is more bytes, and less where the gateway's sockets hold some anyway.
 */
const ALLOWANCE_MS: Readonly<Record<PathKind, number>> = {
	relay: 1,
	direct: 5,
};
/** What every end has room for, bytes. A browser's UDP sockets hold no more: the rest is lost as soon as it is late. */
const ALLOWANCE = 64 * 1024;
/** Weight of one sample of the rate. */
const RATE_GAIN = 0.125;

/** What one acknowledgement shows. */
export interface Acknowledgement {
	/** Bytes it acknowledges. */
	readonly bytes: number;
	/** Round trip of the oldest frame among them, without the time the far end waited, ms. */
	readonly rttMs: number;
	/** Bytes acknowledged since the newest of them was sent, and the time that took, ms. */
	readonly delivered: { readonly bytes: number; readonly ms: number };
	readonly nowMs: number;
	/** Whether the window, and not a lack of data, held the sender back. */
	readonly limited: boolean;
}

/**
 * How many bytes may be on their way on one path, by the round trips its acknowledgements show:
 * it grows while the round trip stays near the smallest seen (doubling each at first, then by one
 * message a round trip) and shrinks once a round trip when it does not. Delay-based as TCP Vegas
 * (Brakmo & Peterson, 1995) is. It never exceeds what the path holds at the measured rate (the bandwidth-delay product,
 * sampled as BBR does: draft-cheng-iccrg-delivery-rate-estimation) by more than a little: where ends, not the network, are
 * the limit, more would only queue up before them, and small calls behind it.
 */
export class PathWindow {
	readonly #allowanceMs: number;
	/** What the ends have room for, bytes. TCP, on the relay, sees to it by itself. */
	#room: number;
	#bytes = FIRST;
	#slowStart = true;
	#smallestRttMs = Number.POSITIVE_INFINITY;
	#smoothedRttMs: number | undefined;
	#shrunkAtMs = Number.NEGATIVE_INFINITY;
	/** Bytes a ms the far end takes. */
	#rate: number | undefined;

	constructor(kind: PathKind) {
		this.#allowanceMs = ALLOWANCE_MS[kind];
		this.#room = kind === "relay" ? Number.POSITIVE_INFINITY : ALLOWANCE;
	}

	/** Bytes that may be on their way. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Smoothed round trip, ms (RFC 6298 §2 weights), once measured. */
	get rttMs(): number | undefined {
		return this.#smoothedRttMs;
	}

	/** So many bytes may wait on their way without harm, as far as both ends know. */
	mayWait(bytes: number): void {
		this.#room = Math.max(this.#room, bytes);
	}

	/** Takes a round trip measured without data behind it (a ping). */
	measured(rttMs: number): void {
		this.#smallestRttMs = Math.min(this.#smallestRttMs, rttMs);
		this.#smoothedRttMs =
			this.#smoothedRttMs === undefined
				? rttMs
				: this.#smoothedRttMs * 0.875 + rttMs * 0.125;
	}

	acknowledged(news: Acknowledgement): void {
		const { bytes, rttMs, nowMs, limited } = news;
		this.measured(rttMs);
		this.#measureRate(news);
		if (rttMs > this.#smallestRttMs * QUEUE_FACTOR + QUEUE_SLACK_MS) {
			this.#shrink(nowMs, rttMs);
			return;
		}
		if (!limited) return;
		const growth = this.#slowStart ? bytes : (bytes * SMALLEST) / this.#bytes;
		this.#bytes = Math.min(this.#largest(), this.#bytes + growth);
	}

	#largest(): number {
		const rate = this.#rate ?? 0;
		const late = Math.min(rate * this.#allowanceMs, this.#room);
		const waiting = Math.max(ALLOWANCE, late);
		return Math.min(LARGEST, waiting + FILL * rate * this.#smallestRttMs);
	}

	/** A sender that had too little to send shows a rate that is too low. */
	#measureRate({ delivered, limited }: Acknowledgement): void {
		if (delivered.ms <= 0) return;
		const rate = delivered.bytes / delivered.ms;
		this.#rate ??= rate;
		if (limited || rate > this.#rate)
			this.#rate += (rate - this.#rate) * RATE_GAIN;
	}

	#shrink(nowMs: number, rttMs: number): void {
		this.#slowStart = false;
		if (nowMs - this.#shrunkAtMs < rttMs) return;
		this.#shrunkAtMs = nowMs;
		this.#bytes = Math.max(SMALLEST, this.#bytes * BACK_OFF);
	}
}
