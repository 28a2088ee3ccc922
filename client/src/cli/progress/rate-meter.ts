/** The rate is that of so long a time, ms: steady enough to read, soon enough to see a stall. */
const WINDOW_MS = 3_000;
/** What is measured over less says nothing yet, ms. */
const LEAST_MS = 200;

/** How fast a count rises, by its latest readings. */
export class RateMeter {
	readonly #readings: { readonly count: number; readonly atMs: number }[] = [];

	/** Takes a reading. One lower than the last begins anew: the call was sent once more. */
	read(count: number, atMs: number): void {
		const last = this.#readings.at(-1);
		if (last && count < last.count) this.#readings.length = 0;
		this.#readings.push({ count, atMs });
		// One from before the window stays, to measure from.
		while ((this.#readings[1]?.atMs ?? atMs) < atMs - WINDOW_MS)
			this.#readings.shift();
	}

	/** Per second; undefined until there is enough to tell. */
	rate(nowMs: number): number | undefined {
		const [first] = this.#readings;
		const last = this.#readings.at(-1);
		if (!first || !last || nowMs - first.atMs < LEAST_MS) return undefined;
		return ((last.count - first.count) * 1000) / (nowMs - first.atMs);
	}
}
