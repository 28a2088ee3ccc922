import type {
	CallProgress,
	FunctionProgress,
	TransferProgress,
} from "@easyremote/shared/caller";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Sink } from "../surroundings.js";
import { progressLine } from "./progress-line.js";
import { viewOf } from "./progress-view.js";
import { RateMeter } from "./rate-meter.js";

/** A call that is over before this needs no bar, ms. */
const SHOWN_AFTER_MS = 500;
/** Shortest time between two drawings, ms. */
const REDRAW_MS = 100;
/** A bar without news is drawn again this often, so that its rate falls; ms. */
const STALE_MS = 500;

/** Back to the start of the line, and nothing in it (ECMA-48 EL). */
const ERASE = "\r\u001b[K";

/** One line of a terminal that shows how far a call is, and is gone when the call is over. */
export class ProgressBar {
	readonly #sink: Sink;
	readonly #clock: Clock;
	readonly #colourful: boolean;
	readonly #startedAt: number;
	readonly #meters = { sending: new RateMeter(), receiving: new RateMeter() };
	#transfer: TransferProgress | undefined;
	#progress: FunctionProgress | undefined;
	#drawnAt: number | undefined;
	#cancelTimer: CancelTimer | undefined;
	#over = false;

	/** The call begins now. */
	constructor(
		sink: Sink,
		options: { readonly clock: Clock; readonly colourful: boolean },
	) {
		this.#sink = sink;
		this.#clock = options.clock;
		this.#colourful = options.colourful;
		this.#startedAt = this.#clock.monotonic();
	}

	/** Takes what a call's `onProgress` hears. */
	readonly hear = (progress: CallProgress): void => {
		if (this.#over) return;
		if (progress.type === "transfer") {
			const nowMs = this.#clock.monotonic();
			this.#transfer = progress;
			this.#meters.sending.read(progress.sent, nowMs);
			this.#meters.receiving.read(progress.received, nowMs);
		} else this.#progress = progress;
		const due =
			this.#drawnAt === undefined
				? this.#startedAt + SHOWN_AFTER_MS
				: this.#drawnAt + REDRAW_MS;
		this.#drawAt(due);
	};

	/** The call is over: takes the line away. */
	async stop(): Promise<void> {
		if (this.#over) return;
		this.#over = true;
		this.#cancelTimer?.();
		if (this.#drawnAt !== undefined) await this.#sink.write(ERASE);
	}

	#drawAt(atMs: number): void {
		this.#cancelTimer?.();
		const waitMs = atMs - this.#clock.monotonic();
		if (waitMs <= 0) this.#draw();
		else this.#cancelTimer = this.#clock.schedule(waitMs, () => this.#draw());
	}

	#draw(): void {
		const nowMs = this.#clock.monotonic();
		this.#drawnAt = nowMs;
		const view = viewOf(this.#transfer, this.#progress);
		const rate =
			view.doing === "running"
				? undefined
				: this.#meters[view.doing].rate(nowMs);
		const line = progressLine(view, rate, {
			// A terminal that does not know its width says 0.
			columns: this.#sink.columns || 80,
			colourful: this.#colourful,
		});
		void this.#sink.write(ERASE + line);
		this.#drawAt(nowMs + STALE_MS);
	}
}
