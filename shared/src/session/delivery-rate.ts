/** A sample spans at least this, so that acknowledgements that come in a bunch do not look like a fast path, ms. */
const SAMPLE_MS = 50;
/** The best sample is forgotten one to two of these after it was taken, ms. */
const MEMORY_MS = 5_000;

/** How fast a path has carried data lately: the best rate of the last seconds (as BBR has it; Cardwell et al., 2016). */
export class DeliveryRate {
	#best = 0;
	#bestBefore = 0;
	#memoryFromMs: number | undefined;
	#sampleFromMs: number | undefined;
	#sampleBytes = 0;

	/** Bytes a ms; 0 while there is no sample. */
	get bytesPerMs(): number {
		return Math.max(this.#best, this.#bestBefore);
	}

	/** So many bytes were acknowledged just now. */
	acknowledged(bytes: number, nowMs: number): void {
		this.#forget(nowMs);
		if (this.#sampleFromMs === undefined) {
			// What was acknowledged first was sent before the sample began.
			this.#sampleFromMs = nowMs;
			return;
		}
		this.#sampleBytes += bytes;
		const ms = nowMs - this.#sampleFromMs;
		if (ms < SAMPLE_MS) return;
		this.#best = Math.max(this.#best, this.#sampleBytes / ms);
		this.#sampleFromMs = nowMs;
		this.#sampleBytes = 0;
	}

	#forget(nowMs: number): void {
		this.#memoryFromMs ??= nowMs;
		if (nowMs - this.#memoryFromMs < MEMORY_MS) return;
		this.#bestBefore = this.#best;
		this.#best = 0;
		this.#memoryFromMs = nowMs;
	}
}
