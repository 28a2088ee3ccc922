import { type Deferred, deferred } from "../async/deferred.js";
import { isThenable } from "../functions/checked-result.js";
import type { StreamIterator } from "../functions/stream-of.js";
import type { Clock } from "../time/clock.js";

/** Longest time that one stream keeps other work waiting before it yields to it, ms. */
const SLICE_MS = 8;

/** Where items go, and when there is room for them. */
export interface StreamSink {
	/** Whether another item should be produced now; when it turns true again, call `resume`. */
	readonly writable: boolean;
	/** Takes one item; may throw, which ends the stream. */
	item(value: unknown): void;
}

/** Draws items from a generator no faster than its reader takes them. */
export class StreamPump {
	readonly #iterator: StreamIterator;
	readonly #sink: StreamSink;
	readonly #clock: Clock;
	#room: Deferred<void> | undefined;
	#stopped = false;

	constructor(iterator: StreamIterator, sink: StreamSink, clock: Clock) {
		this.#iterator = iterator;
		this.#sink = sink;
		this.#clock = clock;
	}

	/** There is room again. */
	resume(): void {
		this.#room?.resolve();
		this.#room = undefined;
	}

	/**
	 * Runs to the end; what the generator returns is no item, and is dropped. Rejects with what it, or the sink, threw.
	 * After `stop` it resolves early.
	 */
	async run(): Promise<void> {
		let sliceStart = this.#clock.monotonic();
		for (;;) {
			if (!this.#sink.writable) {
				await this.#whenRoom();
				sliceStart = this.#clock.monotonic();
			}
			if (this.#isStopped()) return;
			const step = this.#iterator.next();
			const result = isThenable(step) ? await step : step;
			if (result.done === true) return;
			try {
				const item = result.value;
				const value = isThenable(item) ? await item : item;
				if (!this.#isStopped()) this.#sink.item(value);
			} catch (error) {
				await this.stop();
				throw error;
			}
			// A generator that never waits would keep everything else from running, its own cancellation included.
			if (this.#clock.monotonic() - sliceStart > SLICE_MS) {
				await this.#turn();
				sliceStart = this.#clock.monotonic();
			}
		}
	}

	/** Nobody wants more: the generator's `return` runs, so that its `finally` blocks do. Rejects with what they throw. */
	async stop(): Promise<void> {
		if (this.#stopped) return;
		this.#stopped = true;
		this.resume();
		await this.#iterator.return?.();
	}

	// A method, since the flag changes during awaits, where the compiler takes it for constant.
	#isStopped(): boolean {
		return this.#stopped;
	}

	#whenRoom(): Promise<void> {
		if (this.#stopped) return Promise.resolve();
		this.#room ??= deferred();
		return this.#room.promise;
	}

	#turn(): Promise<void> {
		return new Promise((resolve) => {
			this.#clock.schedule(0, resolve);
		});
	}
}
