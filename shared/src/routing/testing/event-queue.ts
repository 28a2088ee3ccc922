interface Event {
	readonly atMs: number;
	readonly run: () => void;
}

/** Simulated time: events run in order, and the clock jumps from one to the next. */
export class EventQueue {
	/** A binary heap, the next event first. */
	readonly #heap: Event[] = [];
	#nowMs = 0;

	/** The simulated time, ms: what choosers take as their clock. */
	monotonic(): number {
		return this.#nowMs;
	}

	/** Runs `run` so many ms from now. */
	after(delayMs: number, run: () => void): void {
		const heap = this.#heap;
		const event = { atMs: this.#nowMs + delayMs, run };
		let at = heap.push(event) - 1;
		while (at > 0) {
			const parentAt = (at - 1) >> 1;
			const parent = heap[parentAt];
			if (!parent || parent.atMs <= event.atMs) break;
			heap[at] = parent;
			at = parentAt;
		}
		heap[at] = event;
	}

	/** Runs everything that is due until then. */
	runUntil(endMs: number): void {
		for (;;) {
			const [next] = this.#heap;
			if (!next || next.atMs > endMs) break;
			this.#removeFirst();
			this.#nowMs = next.atMs;
			next.run();
		}
		this.#nowMs = endMs;
	}

	#removeFirst(): void {
		const heap = this.#heap;
		const last = heap.pop();
		if (!last || heap.length === 0) return;
		let at = 0;
		for (;;) {
			let childAt = 2 * at + 1;
			const [left, right] = [heap[childAt], heap[childAt + 1]];
			if (!left) break;
			let child = left;
			if (right && right.atMs < left.atMs) {
				child = right;
				childAt += 1;
			}
			if (child.atMs >= last.atMs) break;
			heap[at] = child;
			at = childAt;
		}
		heap[at] = last;
	}
}
