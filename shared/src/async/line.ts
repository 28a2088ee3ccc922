/** Holes and served places in front are dropped when there are this many. */
const DROP_AT = 1024;

/** First come, first served; whoever waits may leave by the ticket it got. Not a Set, for the reason `Slots` has. */
export class Line<T extends object> implements Iterable<T> {
	readonly #items: (T | undefined)[] = [];
	/** Index of the first that may still wait. */
	#head = 0;
	/** Index behind the last. */
	#tail = 0;
	/** Ticket of the item at index 0. */
	#firstTicket = 0;
	#size = 0;

	/** How many wait. */
	get size(): number {
		return this.#size;
	}

	/** Goes to the end of the line; the answer is the ticket, never given out twice. */
	join(item: T): number {
		if (this.#head === this.#tail || this.#head >= DROP_AT) this.#dropServed();
		this.#items[this.#tail] = item;
		this.#tail += 1;
		this.#size += 1;
		return this.#firstTicket + this.#tail - 1;
	}

	/** Leaves the line. Without effect for a ticket that was served or has left. */
	leave(ticket: number): void {
		const index = ticket - this.#firstTicket;
		if (this.#items[index] === undefined) return;
		this.#items[index] = undefined;
		this.#size -= 1;
	}

	/** Takes the first out of the line. */
	next(): T | undefined {
		while (this.#head < this.#tail) {
			const item = this.#items[this.#head];
			this.#items[this.#head] = undefined;
			this.#head += 1;
			if (!item) continue;
			this.#size -= 1;
			return item;
		}
		return undefined;
	}

	clear(): void {
		this.#items.fill(undefined);
		this.#head = this.#tail;
		this.#size = 0;
	}

	/** Those that wait, first come first. Leaving while it goes on is allowed, joining is not. */
	*[Symbol.iterator](): Iterator<T> {
		for (let index = this.#head; index < this.#tail; index += 1) {
			const item = this.#items[index];
			if (item) yield item;
		}
	}

	#dropServed(): void {
		this.#firstTicket += this.#head;
		// Where all are gone, as mostly, the room they had is used again.
		if (this.#head < this.#tail || this.#head > DROP_AT)
			this.#items.splice(0, this.#head);
		this.#tail -= this.#head;
		this.#head = 0;
	}
}
