/** A queue in which owners take turns, so that one with a thousand entries does not keep the others waiting. */
export class FairQueue<T> {
	/** In the order in which owners have their turn. */
	readonly #waiting = new Map<string, T[]>();

	/** Puts an entry behind the others of its owner. */
	add(owner: string, entry: T): void {
		const entries = this.#waiting.get(owner);
		if (entries) entries.push(entry);
		else this.#waiting.set(owner, [entry]);
	}

	/** The first entry of the owner whose turn it is; undefined if there is none. */
	take(): T | undefined {
		for (const [owner, entries] of this.#waiting) {
			const entry = entries.shift();
			this.#waiting.delete(owner);
			if (entries.length > 0) this.#waiting.set(owner, entries);
			return entry;
		}
		return undefined;
	}
}
