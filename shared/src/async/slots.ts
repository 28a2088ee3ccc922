/**
 * A bag of objects, each left by the number it was given on entry.
 *
 * What every call enters and leaves is kept in one of these, not in a Set: V8's Set and Map copy themselves to a new
 * table every so often and chain the old one to it. Once such a table has grown old, it keeps everything that was ever
 * in its successors from being collected cheaply, and a full collection is needed every few thousand calls.
 */
export class Slots<T extends object> implements Iterable<T> {
	#items: (T | undefined)[] = [];
	#free: number[] = [];

	/** How many are in. */
	get size(): number {
		return this.#items.length - this.#free.length;
	}

	/** Takes one in and says by which number it leaves. */
	add(item: T): number {
		const place = this.#free.pop() ?? this.#items.length;
		this.#items[place] = item;
		return place;
	}

	/** Lets the one with this number go. A number is good for once: it is given out again. */
	remove(place: number): void {
		if (this.#items[place] === undefined) return;
		this.#items[place] = undefined;
		this.#free.push(place);
	}

	clear(): void {
		this.#items = [];
		this.#free = [];
	}

	/** Those that are in, in no order. Removing while it goes on is allowed. */
	*[Symbol.iterator](): Iterator<T> {
		for (const item of this.#items) if (item) yield item;
	}
}
