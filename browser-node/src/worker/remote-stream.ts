import { type Deferred, deferred } from "@easyremote/shared/async";
import { STREAM_WINDOW_ITEMS } from "../ports/function-port.js";

/**
 * The items of a stream that runs in another Worker. Its producer is at most a window ahead of the reader; room is
 * given back half a window at a time, so that small items do not cost a message each way.
 */
export class RemoteStream implements AsyncIterableIterator<unknown> {
	readonly #items: unknown[] = [];
	readonly #giveCredit: (items: number) => void;
	readonly #leave: () => void;
	#reader: Deferred<IteratorResult<unknown>> | undefined;
	#end: { readonly value: unknown } | { readonly error: Error } | undefined;
	#read = 0;

	/**
	 * @param giveCredit tells the producer of room for more items
	 * @param leave tells it that nobody reads any more
	 */
	constructor(giveCredit: (items: number) => void, leave: () => void) {
		this.#giveCredit = giveCredit;
		this.#leave = leave;
	}

	push(item: unknown): void {
		if (this.#end) return;
		this.#items.push(item);
		this.#serve();
	}

	/** @param value what the generator returned */
	end(value: unknown): void {
		this.#end ??= { value };
		this.#serve();
	}

	fail(error: Error): void {
		this.#end ??= { error };
		this.#serve();
	}

	/** One reader at a time, as `for await` is. */
	next(): Promise<IteratorResult<unknown>> {
		const reader = deferred<IteratorResult<unknown>>();
		this.#reader = reader;
		this.#serve();
		return reader.promise;
	}

	return(): Promise<IteratorResult<unknown>> {
		if (!this.#end) this.#leave();
		this.#end = { value: undefined };
		this.#items.length = 0;
		this.#serve();
		return Promise.resolve({ done: true, value: undefined });
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#serve(): void {
		const reader = this.#reader;
		if (!reader) return;
		if (this.#items.length > 0) {
			reader.resolve({ done: false, value: this.#items.shift() });
			this.#countRead();
		} else if (!this.#end) {
			return;
		} else if ("error" in this.#end) {
			reader.reject(this.#end.error);
			this.#end = { value: undefined };
		} else {
			reader.resolve({ done: true, value: this.#end.value });
			this.#end = { value: undefined };
		}
		this.#reader = undefined;
	}

	#countRead(): void {
		this.#read += 1;
		if (this.#end || this.#read < STREAM_WINDOW_ITEMS / 2) return;
		this.#giveCredit(this.#read);
		this.#read = 0;
	}
}
