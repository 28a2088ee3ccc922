import { AsyncQueue } from "../../async/async-queue.js";
import type { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { MapOutcome } from "./map-options.js";

/** How results reach the reader. */
export interface MapOutputOptions {
	readonly ordered: boolean;
	/** Failures are items like others instead of the end. */
	readonly yieldErrors: boolean;
	/** A failure has become the end. */
	readonly failed: () => void;
}

/** Puts results in order where that is wanted, and hands them to the reader. */
export class MapOutput {
	readonly #options: MapOutputOptions;
	readonly #queue = new AsyncQueue<unknown>();
	/** Results whose turn has not come. */
	readonly #early = new Map<number, MapOutcome<unknown>>();
	#turn = 0;

	constructor(options: MapOutputOptions) {
		this.#options = options;
	}

	/** Results that have not been read. */
	get unread(): number {
		return this.#queue.size + this.#early.size;
	}

	/** Takes what an item came to. */
	settle(outcome: MapOutcome<unknown>): void {
		if (!this.#options.ordered) {
			this.#give(outcome);
			return;
		}
		this.#early.set(outcome.index, outcome);
		for (;;) {
			const due = this.#early.get(this.#turn);
			if (!due) return;
			this.#early.delete(this.#turn);
			this.#turn += 1;
			this.#give(due);
		}
	}

	/** There are no more results. */
	end(): void {
		this.#queue.end();
	}

	/** There are no more results, since `error`; the reader gets those in turn before. */
	fail(error: unknown): void {
		this.#queue.fail(error);
	}

	next(): Promise<IteratorResult<unknown>> {
		return this.#queue.next();
	}

	/** Drops what has not been read. */
	drop(): void {
		this.#early.clear();
		void this.#queue.return();
	}

	#give(outcome: MapOutcome<unknown>): void {
		if (this.#options.yieldErrors) this.#queue.push(outcome);
		else if (outcome.status === "fulfilled") this.#queue.push(outcome.value);
		else this.#end(outcome.reason);
	}

	#end(reason: EasyRemoteError): void {
		this.#queue.fail(reason);
		this.#options.failed();
	}
}
