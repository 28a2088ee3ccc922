/** Items that may wait at a node beyond those it runs at once: its queue is others' too. */
const MOST_WAITING = 64;
/** An item that took this much longer than the shortest one (factor, and ms on top) had others waiting before it. */
const QUEUE_FACTOR = 2;
const QUEUE_SLACK_MS = 5;
/** What waiting takes from the window, once for as many answers as it holds. */
const BACK_OFF = 0.9;
/** What a refusal leaves of it. */
const REFUSED = 0.5;

/**
 * How many items of one map a node may have at once. It starts with the places the node has, grows by one with each answer that
 * came about as fast as the fastest, so that the way there and back is hidden, shrinks to the places again when answers
 * slow down, and below them only when the node refuses, since others need it too.
 */
export class NodeWindow {
	/** Items there now. */
	inFlight = 0;
	#slots: number;
	#size: number;
	#shortestMs = Number.POSITIVE_INFINITY;
	#answersUntilShrink = 0;

	constructor(slots: number) {
		this.#slots = Math.max(1, slots);
		this.#size = this.#slots;
	}

	/** Items that may be there at once. */
	get size(): number {
		return Math.max(1, Math.floor(this.#size));
	}

	get room(): number {
		return this.size - this.inFlight;
	}

	/** Whether it runs less than it could at once. */
	get idle(): boolean {
		return this.inFlight < this.#slots;
	}

	/** The node said how many it runs at once. */
	setSlots(slots: number): void {
		const more = Math.max(1, slots) - this.#slots;
		this.#slots += more;
		this.#size = Math.max(1, this.#size + more);
	}

	/** An item was answered `ms` after it was sent. */
	answered(ms: number): void {
		this.#shortestMs = Math.min(this.#shortestMs, ms);
		this.#answersUntilShrink -= 1;
		if (ms <= this.#shortestMs * QUEUE_FACTOR + QUEUE_SLACK_MS) {
			this.#size = Math.min(this.#slots + MOST_WAITING, this.#size + 1);
		} else if (this.#answersUntilShrink <= 0 && this.#size > this.#slots) {
			this.#size = Math.max(this.#slots, this.#size * BACK_OFF);
			this.#answersUntilShrink = this.#size;
		}
	}

	/** It had no place for an item. */
	refused(): void {
		this.#size = Math.max(1, Math.min(this.#size, this.inFlight) * REFUSED);
	}
}
