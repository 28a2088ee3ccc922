import type { CallProgress } from "@easyremote/shared/caller";
import { movedBytes, progressLine, type Sample } from "./progress-line.js";
import type { Sink } from "./surroundings.js";
import { harmless } from "./table.js";

/** A call that is over by then shows no progress, ms. */
const QUIET_MS = 400;
/** Between two drawings, ms. */
const REDRAW_MS = 100;
/** Back to the start of the line, and clear it: ECMA-48 EL. */
const CLEAR_LINE = "\r\u001b[2K";

/** One line on a terminal that tells how far a call is, drawn over and over, and gone when it ends. */
export class ProgressDisplay {
	readonly #sink: Sink;
	readonly #now: () => number;
	readonly #startedAt: number;
	#since: Sample;
	#drawnAt = Number.NEGATIVE_INFINITY;
	#shown = false;
	#over = false;

	/** @param now monotonic, ms */
	constructor(sink: Sink, now: () => number) {
		this.#sink = sink;
		this.#now = now;
		this.#startedAt = now();
		this.#since = { atMs: this.#startedAt, bytes: 0 };
	}

	update(progress: CallProgress): void {
		const now = this.#now();
		if (this.#over || now - this.#startedAt < QUIET_MS) return;
		if (now - this.#drawnAt < REDRAW_MS) return;
		// Less than before: the other direction has begun.
		const bytes = movedBytes(progress);
		if (bytes < this.#since.bytes) this.#since = { atMs: now, bytes };
		this.#drawnAt = now;
		this.#shown = true;
		const line = harmless(progressLine(progress, this.#since, now));
		void this.#sink.write(`${CLEAR_LINE}${line.slice(0, this.#width)}`);
	}

	/** Takes the line away. */
	async clear(): Promise<void> {
		this.#over = true;
		if (this.#shown) await this.#sink.write(CLEAR_LINE);
	}

	/** A line that wraps could not be drawn over. */
	get #width(): number {
		return (this.#sink.columns ?? 80) - 1;
	}
}
