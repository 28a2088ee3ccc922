const SMALLEST = 16;

/**
 * Objects by whole numbers that count up: a hash table with open addressing (linear probing; Knuth, TAOCP vol. 3,
 * §6.4, algorithms L and R). Not a Map, for the reason `Slots` has.
 */
export class NumberTable<T extends object> {
	#keys: number[] = [];
	#values: (T | undefined)[] = [];
	#mask = 0;
	#size = 0;

	constructor() {
		this.#reset(SMALLEST);
	}

	/** How many are in. */
	get size(): number {
		return this.#size;
	}

	get(key: number): T | undefined {
		return this.#values[this.#find(key)];
	}

	set(key: number, value: T): void {
		const index = this.#find(key);
		if (this.#values[index] === undefined) this.#size += 1;
		this.#keys[index] = key;
		this.#values[index] = value;
		if (this.#size * 2 > this.#values.length) this.#grow();
	}

	/** Takes one out; those behind it that belong further forward move up. */
	delete(key: number): void {
		let hole = this.#find(key);
		if (this.#values[hole] === undefined) return;
		this.#size -= 1;
		for (
			let index = (hole + 1) & this.#mask;
			;
			index = (index + 1) & this.#mask
		) {
			const value = this.#values[index];
			if (value === undefined) break;
			const key = this.#keys[index] ?? 0;
			const away = (index - homeOf(key)) & this.#mask;
			if (away < ((index - hole) & this.#mask)) continue;
			this.#keys[hole] = key;
			this.#values[hole] = value;
			hole = index;
		}
		this.#values[hole] = undefined;
	}

	clear(): void {
		this.#reset(SMALLEST);
	}

	/** All of them, by rising number. */
	values(): T[] {
		const found: { readonly key: number; readonly value: T }[] = [];
		for (const [index, value] of this.#values.entries())
			if (value) found.push({ key: this.#keys[index] ?? 0, value });
		return found.sort((a, b) => a.key - b.key).map(({ value }) => value);
	}

	/** Where the key is, or would be put. */
	#find(key: number): number {
		let index = homeOf(key) & this.#mask;
		while (this.#values[index] !== undefined && this.#keys[index] !== key)
			index = (index + 1) & this.#mask;
		return index;
	}

	#grow(): void {
		const keys = this.#keys;
		const values = this.#values;
		this.#reset(values.length * 2);
		for (const [index, value] of values.entries())
			if (value) this.set(keys[index] ?? 0, value);
	}

	#reset(capacity: number): void {
		this.#keys = new Array<number>(capacity).fill(0);
		this.#values = new Array<T | undefined>(capacity).fill(undefined);
		this.#mask = capacity - 1;
		this.#size = 0;
	}
}

/** Either end of a session uses every second number. */
function homeOf(key: number): number {
	return key >>> 1;
}
