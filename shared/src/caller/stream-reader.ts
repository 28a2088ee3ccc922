import { type Deferred, deferred } from "../async/deferred.js";

interface Item {
	readonly take: () => unknown;
	readonly release: () => void;
}

/**
 * The items of a stream call, for one reader. Credit for an item goes back to the node only when the
 * reader takes it, so a slow reader slows the function down instead of filling memory.
 */
export class StreamReader<T> implements AsyncIterableIterator<T> {
	#items: Item[] = [];
	/** Items before this index were taken: shifting an array for each would cost a move of the rest. */
	#head = 0;
	readonly #waiting: Deferred<IteratorResult<T>>[] = [];
	#end: { readonly error: unknown } | "done" | undefined;
	readonly #leave: (reason: unknown) => void;

	/** @param leave called once when the reader goes before the end */
	constructor(leave: (reason: unknown) => void) {
		this.#leave = leave;
	}

	/** Takes an item in. `take` decodes it, when and if it is read. */
	push(take: () => unknown, release: () => void): void {
		if (this.#end) {
			release();
			return;
		}
		const item = { take, release };
		const reader = this.#waiting.shift();
		if (reader) handOver(item, reader);
		else this.#items.push(item);
	}

	end(): void {
		this.#finish("done");
	}

	/** What has arrived can still be read; the read after that throws `error`. */
	fail(error: unknown): void {
		this.#finish({ error });
	}

	/** As `fail`, dropping what has arrived: nobody wants it any more. */
	abort(error: unknown): void {
		this.#drop();
		this.#finish({ error });
	}

	async next(): Promise<IteratorResult<T>> {
		const item = this.#shift();
		if (item) return hand<T>(item);
		const end = this.#end;
		if (end === "done") return { done: true, value: undefined };
		if (end) {
			this.#end = "done";
			throw end.error;
		}
		const reader = deferred<IteratorResult<T>>();
		this.#waiting.push(reader);
		return reader.promise;
	}

	/** Ends the stream from the reader's side: cancels the call on the node. */
	async return(): Promise<IteratorResult<T>> {
		this.#abandon(undefined);
		return { done: true, value: undefined };
	}

	/** As `return`, giving `reason` as the reason of the cancellation; rejects with it. */
	async throw(reason?: unknown): Promise<IteratorResult<T>> {
		this.#abandon(reason);
		throw reason;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#abandon(reason: unknown): void {
		const early = this.#end === undefined;
		this.#end = "done";
		this.#drop();
		this.#wakeAll();
		if (early) this.#leave(reason);
	}

	#drop(): void {
		for (let item = this.#shift(); item; item = this.#shift()) item.release();
	}

	#shift(): Item | undefined {
		const item = this.#items[this.#head];
		if (!item) return undefined;
		this.#head += 1;
		if (this.#head === this.#items.length || this.#head === 1024) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		return item;
	}

	#finish(end: { readonly error: unknown } | "done"): void {
		if (this.#end) return;
		const first = this.#waiting.shift();
		if (first && end !== "done") {
			this.#end = "done";
			first.reject(end.error);
		} else {
			this.#end = end;
			first?.resolve({ done: true, value: undefined });
		}
		this.#wakeAll();
	}

	#wakeAll(): void {
		for (const reader of this.#waiting.splice(0)) {
			reader.resolve({ done: true, value: undefined });
		}
	}
}

/** Decodes an item for its reader, and lets its sender go on. */
function hand<T>(item: Item): IteratorResult<T> {
	try {
		return { done: false, value: item.take() as T };
	} finally {
		item.release();
	}
}

/** Gives an item to a reader who was waiting for it. */
function handOver<T>(item: Item, reader: Deferred<IteratorResult<T>>): void {
	try {
		reader.resolve(hand<T>(item));
	} catch (error) {
		reader.reject(error);
	}
}
