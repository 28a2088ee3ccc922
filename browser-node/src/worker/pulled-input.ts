import { AsyncQueue } from "@easyremote/shared/async";

/** An argument that is a stream, as the function sees it: each `next` asks the node Worker for one more piece. */
export class PulledInput implements AsyncIterableIterator<unknown> {
	readonly #queue: AsyncQueue<unknown>;
	readonly #pull: () => void;
	#over = false;

	/**
	 * @param pull asks for one piece
	 * @param leave says that no more will be read
	 */
	constructor(pull: () => void, leave: () => void) {
		this.#pull = pull;
		this.#queue = new AsyncQueue(() => {
			if (!this.#over) leave();
			this.#over = true;
		});
	}

	push(value: unknown): void {
		this.#queue.push(value);
	}

	/** No more pieces: because all were sent, or for the reason given. */
	end(error: Error | undefined): void {
		this.#over = true;
		if (error) this.#queue.fail(error);
		else this.#queue.end();
	}

	next(): Promise<IteratorResult<unknown>> {
		if (!this.#over) this.#pull();
		return this.#queue.next();
	}

	return(): Promise<IteratorResult<unknown>> {
		return this.#queue.return();
	}

	[Symbol.asyncIterator](): this {
		return this;
	}
}
