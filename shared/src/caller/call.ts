import { EasyRemoteError } from "../errors/easyremote-error.js";
import { blobOf } from "./blob-of.js";
import type { CallEvent } from "./call-event.js";
import type { CallMeta, WithMeta } from "./call-meta.js";
import type { CallRun } from "./call-run.js";
import { isStreamed } from "./streamed-input.js";

/** Where a call goes, as far as that is known. */
export interface CallRoute {
	/** The node of the latest attempt. */
	readonly nodeId: string | undefined;
	/** How often the call was sent. */
	readonly attempts: number;
}

/**
 * A call under way: a real Promise, started when it was made.
 *
 * Until the node has spoken nobody knows whether the function gives a value or a stream, so a call is both:
 *
 * - Awaiting gives the value; for a stream, an async iterable of its items, as soon as the node has accepted.
 * - Iterating (`for await`) gives the items, each fetched when asked for; leaving the loop cancels the call on
 *   the node. Iterating a function that gives a value throws INVALID_ARGUMENT. All ways to the items lead to
 *   the same ones: an item is read once.
 *
 * As with any promise, a call that fails while nobody awaits it is an unhandled rejection; iterating it,
 * `withMeta`, `meta` and `events` count as having taken it in hand, since they tell of the failure themselves.
 *
 * @example
 * const call = gpu.resize(bytes, { width: 64 });
 * setTimeout(() => call.cancel("too slow"), 1000);
 * const { value, meta } = await call.withMeta();
 */
export class Call<T, Item = unknown>
	extends Promise<T>
	implements AsyncIterableIterator<Item>
{
	/** `then` and its kin give plain promises. */
	static override get [Symbol.species](): PromiseConstructor {
		return Promise;
	}

	readonly #run: CallRun;
	#items: Promise<AsyncIterator<Item>> | undefined;

	/** Starts `run`. Calls are made by a `Caller`. */
	constructor(run: CallRun) {
		super((resolve, reject) => {
			run.start({ resolve: resolve as (value: unknown) => void, reject });
		});
		this.#run = run;
	}

	/** Unique id, the same on the node and in every error and log of this call. */
	get id(): string {
		return this.#run.report.id;
	}

	get route(): CallRoute {
		const { nodeId, attempts } = this.#run.report;
		return { nodeId, attempts };
	}

	/** Whether the function may have begun to run: false only where that is ruled out, so that calling again is safe. */
	get mayHaveStarted(): boolean {
		return this.#run.mayHaveStarted;
	}

	/** Ends the call here with CANCELLED, and aborts the function's signal on the node. Late calls do nothing. */
	cancel(reason?: unknown): void {
		this.#run.cancel(reason);
	}

	/**
	 * What happens to the call: what has already happened comes first, `settled` last. Never throws for a
	 * failed call, whose error is in `settled`.
	 */
	events(): AsyncIterableIterator<CallEvent> {
		this.#takeInHand();
		return this.#run.report.events();
	}

	/** The figures of the call once it is over, be it by failure; of a stream, after the last item. */
	meta(): Promise<CallMeta> {
		this.#takeInHand();
		return this.#run.report.meta();
	}

	/** The result with the figures of the call; for a stream, the items with the figures so far. */
	async withMeta(): Promise<WithMeta<T>> {
		const value = await this;
		return { value, meta: this.#run.report.snapshot() };
	}

	/**
	 * The result as a Blob, where it is bytes or a stream of bytes: a page can show, keep or save one that is larger than
	 * its memory.
	 *
	 * @param type media type, "image/png"
	 */
	async blob(type = ""): Promise<Blob> {
		return blobOf(await this, { type, callId: this.id });
	}

	/** The next item of a stream. */
	async next(): Promise<IteratorResult<Item>> {
		return (await this.#reader()).next();
	}

	/** Ends a stream from this side. */
	async return(): Promise<IteratorResult<Item>> {
		this.#takeInHand();
		this.cancel("the reader of the stream left");
		return { done: true, value: undefined };
	}

	/** As `return`, with a reason; rejects with it. */
	async throw(reason?: unknown): Promise<IteratorResult<Item>> {
		this.#takeInHand();
		this.cancel(reason);
		throw reason;
	}

	/** For `for await`, where the function is a generator. */
	[Symbol.asyncIterator](): this {
		this.#takeInHand();
		return this;
	}

	#reader(): Promise<AsyncIterator<Item>> {
		this.#items ??= this.then((value: unknown) => {
			// Items of ours only: a value that happens to be iterable was not streamed.
			if (isStreamed(value))
				return value[Symbol.asyncIterator]() as AsyncIterator<Item>;
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"the function gave one value, not a stream",
				{ callId: this.id, hint: "await the call instead of iterating it" },
			);
		});
		return this.#items;
	}

	/** From here on a failure is told by other means than the promise. */
	#takeInHand(): void {
		this.catch(ignore);
	}
}

function ignore(): void {
	// The failure is told by the events, the items or the figures that were asked for.
}
