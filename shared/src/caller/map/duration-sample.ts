/** Durations kept: enough for a median that follows what items are like now. */
const KEPT = 255;

/** The latest durations of items, for what is usual among them. */
export class DurationSample {
	readonly #durations: number[] = [];
	#next = 0;

	add(ms: number): void {
		this.#durations[this.#next] = ms;
		this.#next = (this.#next + 1) % KEPT;
	}

	/** The median, ms; undefined before the first. */
	get median(): number | undefined {
		const sorted = this.#durations.toSorted((one, other) => one - other);
		return sorted[Math.floor(sorted.length / 2)];
	}
}
