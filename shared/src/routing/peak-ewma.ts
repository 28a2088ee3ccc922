/** How fast what was measured is forgotten: after this long it counts for a third (1/e), ms. */
const DECAY_MS = 10_000;

/**
 * An average of durations that goes up at once and comes down slowly: "peak EWMA", an exponentially weighted moving
 * average that jumps to whatever is worse than it, so that a node that has become slow is left alone after one call.
 * It sinks with time even when nothing is measured, so that the node is tried again. After Finagle's load balancer
 * (`com.twitter.finagle.loadbalancer.PeakEwma`, https://twitter.github.io/finagle/guide/Clients.html#power-of-two-choices-p2c-least-loaded),
 * whose default for the decay is 10 s too.
 */
export class PeakEwma {
	#value: number;
	#atMs: number;

	/** @param ms the first measurement */
	constructor(ms: number, nowMs: number) {
		this.#value = ms;
		this.#atMs = nowMs;
	}

	/** Takes a measurement, ms. */
	observe(ms: number, nowMs: number): void {
		const weight = this.#remembered(nowMs);
		this.#value =
			ms > this.#value ? ms : this.#value * weight + ms * (1 - weight);
		this.#atMs = nowMs;
	}

	/** The average as of now, ms. */
	at(nowMs: number): number {
		return this.#value * this.#remembered(nowMs);
	}

	#remembered(nowMs: number): number {
		return Math.exp(-Math.max(nowMs - this.#atMs, 0) / DECAY_MS);
	}
}
