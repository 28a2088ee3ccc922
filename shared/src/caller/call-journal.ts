import { AsyncQueue } from "../async/async-queue.js";
import type { CallEvent } from "./call-event.js";

/**
 * What has happened to one call, and who wants to hear of it. Costs nothing but a field or two
 * while nobody does: milestones are kept, and told to whoever comes later.
 */
export class CallJournal {
	readonly #id: string;
	#routed: CallEvent | undefined;
	#started: CallEvent | undefined;
	#settled: CallEvent | undefined;
	#readers: Set<AsyncQueue<CallEvent>> | undefined;

	constructor(id: string) {
		this.#id = id;
	}

	/** Whether somebody listens: what is only said to listeners need not be worked out otherwise. */
	get watched(): boolean {
		return this.#readers !== undefined && this.#readers.size > 0;
	}

	/** Whether the end has been written down. */
	get settled(): boolean {
		return this.#settled !== undefined;
	}

	/** Writes an event down and passes it on. */
	add(event: CallEvent): void {
		if (event.type === "routed") {
			this.#routed = event;
			this.#started = undefined;
		} else if (event.type === "started") this.#started = event;
		else if (event.type === "settled") this.#settled = event;
		if (!this.#readers) return;
		for (const reader of this.#readers) {
			reader.push(event);
			if (this.#settled) reader.end();
		}
	}

	/** The milestones so far, then whatever follows until the call has settled. */
	read(): AsyncIterableIterator<CallEvent> {
		const queue = new AsyncQueue<CallEvent>(() => this.#readers?.delete(queue));
		queue.push({ type: "queued", id: this.#id });
		for (const event of [this.#routed, this.#started, this.#settled]) {
			if (event) queue.push(event);
		}
		if (this.#settled) queue.end();
		else (this.#readers ??= new Set()).add(queue);
		return queue;
	}
}
