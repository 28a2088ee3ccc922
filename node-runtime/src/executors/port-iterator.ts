import { type Deferred, deferred } from "@easyremote/shared/async";

/** How to ask the other thread. */
export interface PortIteratorEvents {
	/** The next item is wanted. */
	pull(): void;
	/** No more items are wanted. */
	leave(): void;
}

/**
 * An async iterator whose items another thread produces, one for each that is asked for: so the one that reads sets
 * the pace, whatever lies between.
 */
export class PortIterator implements AsyncIterableIterator<unknown> {
	readonly #events: PortIteratorEvents;
	#asked: Deferred<IteratorResult<unknown>>[] = [];
	#over = false;
	#failure: { readonly error: Error } | undefined;

	constructor(events: PortIteratorEvents) {
		this.#events = events;
	}

	/** The item that was asked for first. */
	item(value: unknown): void {
		this.#asked.shift()?.resolve({ done: false, value });
	}

	end(): void {
		this.#finish();
	}

	/** Fails the read that waits, else the next one. */
	fail(error: Error): void {
		if (this.#over) return;
		const reader = this.#asked.shift();
		if (reader) reader.reject(error);
		else this.#failure = { error };
		this.#finish();
	}

	next(): Promise<IteratorResult<unknown>> {
		if (this.#failure) {
			const { error } = this.#failure;
			this.#failure = undefined;
			return Promise.reject(error);
		}
		if (this.#over) return Promise.resolve({ done: true, value: undefined });
		const asked = deferred<IteratorResult<unknown>>();
		this.#asked.push(asked);
		this.#events.pull();
		return asked.promise;
	}

	return(): Promise<IteratorResult<unknown>> {
		if (!this.#over) {
			this.#finish();
			this.#events.leave();
		}
		this.#failure = undefined;
		return Promise.resolve({ done: true, value: undefined });
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#finish(): void {
		this.#over = true;
		const asked = this.#asked;
		this.#asked = [];
		for (const reader of asked)
			reader.resolve({ done: true, value: undefined });
	}
}
