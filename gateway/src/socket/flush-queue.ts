/** Something with packets to send at the end of the present turn of the event loop. */
export interface Flushable {
	flushTurn(): void;
}

/**
 * Collects who has something to send and lets all of them send at once, after every socket that is
 * ready to be read in this turn has been read. One queue serves the whole gateway: one `setImmediate`
 * a turn, however many sockets.
 */
export class FlushQueue {
	readonly #defer: (task: () => void) => void;
	#waiting: Flushable[] = [];

	/** @param defer runs a task after the present turn's input; tests pass their own */
	constructor(
		defer: (task: () => void) => void = (task) => void setImmediate(task),
	) {
		this.#defer = defer;
	}

	add(flushable: Flushable): void {
		this.#waiting.push(flushable);
		if (this.#waiting.length === 1) this.#defer(this.#run);
	}

	readonly #run = (): void => {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const flushable of waiting) flushable.flushTurn();
	};
}
