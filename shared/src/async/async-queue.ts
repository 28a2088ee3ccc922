import { type Deferred, deferred } from "./deferred.js";

/**
 * An unbounded first-in-first-out hand-over from callbacks to one `for await` loop.
 * What bounds it is the producer (a credit window), so it holds no limit of its own.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
	readonly #items: T[] = [];
	#waiting: Deferred<IteratorResult<T>>[] = [];
	#ended = false;
	#failure: { readonly reason: unknown } | undefined;
	readonly #onReturn: (() => void) | undefined;

	/** @param onReturn called once when the reader leaves early (`break`) */
	constructor(onReturn?: () => void) {
		this.#onReturn = onReturn;
	}

	/** Items handed in and not yet read. */
	get size(): number {
		return this.#items.length;
	}

	push(item: T): void {
		if (this.#ended) return;
		const reader = this.#waiting.shift();
		if (reader) reader.resolve({ done: false, value: item });
		else this.#items.push(item);
	}

	/** No more items: readers get what is left, then the end. */
	end(): void {
		this.#finish(undefined);
	}

	/** As `end`, but the last read throws `reason`. */
	fail(reason: unknown): void {
		this.#finish({ reason });
	}

	next(): Promise<IteratorResult<T>> {
		if (this.#items.length > 0) {
			const value = this.#items.shift() as T;
			return Promise.resolve({ done: false, value });
		}
		const reader = deferred<IteratorResult<T>>();
		if (this.#failure) {
			reader.reject(this.#failure.reason);
			this.#failure = undefined;
			return reader.promise;
		}
		if (this.#ended) return Promise.resolve({ done: true, value: undefined });
		this.#waiting.push(reader);
		return reader.promise;
	}

	return(): Promise<IteratorResult<T>> {
		const early = !this.#ended || this.#items.length > 0;
		this.#items.length = 0;
		this.#failure = undefined;
		this.#finish(undefined);
		if (early) this.#onReturn?.();
		return Promise.resolve({ done: true, value: undefined });
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#finish(failure: { readonly reason: unknown } | undefined): void {
		if (this.#ended) return;
		this.#ended = true;
		const waiting = this.#waiting;
		this.#waiting = [];
		const [first, ...rest] = waiting;
		if (failure && first) first.reject(failure.reason);
		else {
			this.#failure = failure;
			first?.resolve({ done: true, value: undefined });
		}
		for (const reader of rest) reader.resolve({ done: true, value: undefined });
	}
}
