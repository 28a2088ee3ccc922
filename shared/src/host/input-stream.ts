import { AsyncQueue } from "../async/async-queue.js";
import type { EncodedValue } from "../codec/encoded-value.js";
import { decodeValue } from "../codec/value-codec.js";

interface Piece {
	readonly value: EncodedValue | undefined;
	readonly release: () => void;
}

/**
 * An argument that arrives piece by piece. The function reads it with `for await`; a piece's credit
 * goes back to the caller when it is read, so a slow function slows its caller down.
 */
export class InputStream implements AsyncIterableIterator<unknown> {
	readonly #queue = new AsyncQueue<Piece>();
	readonly #unread = new Set<Piece>();
	#over = false;

	/** Takes one piece as it arrived. Nobody reads after the end: its credit is then given back at once. */
	push(value: EncodedValue | undefined, release: () => void): void {
		if (this.#over) {
			release();
			return;
		}
		const piece = { value, release };
		this.#unread.add(piece);
		this.#queue.push(piece);
	}

	/** The caller has sent everything. */
	end(): void {
		this.#over = true;
		this.#queue.end();
	}

	/** The rest will not come: the function's loop throws `error` after what is here. */
	fail(error: Error): void {
		this.#over = true;
		this.#queue.fail(error);
	}

	async next(): Promise<IteratorResult<unknown>> {
		const step = await this.#queue.next();
		if (step.done === true) return step;
		const { value, release } = step.value;
		this.#unread.delete(step.value);
		try {
			return {
				done: false,
				value: value === undefined ? undefined : decodeValue(value),
			};
		} finally {
			release();
		}
	}

	/** The function reads no further: what comes is thrown away, so that the caller is not held up. */
	async return(): Promise<IteratorResult<unknown>> {
		this.#over = true;
		await this.#queue.return();
		for (const piece of this.#unread) piece.release();
		this.#unread.clear();
		return { done: true, value: undefined };
	}

	[Symbol.asyncIterator](): this {
		return this;
	}
}
