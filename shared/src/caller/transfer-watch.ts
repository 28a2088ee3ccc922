import type { CallEnd } from "../session/call-end.js";
import { present } from "../shapes/present.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { TransferProgress } from "./call-progress.js";

/** Shortest time between two reports, ms: as often as eyes can follow. */
const INTERVAL_MS = 100;

/** Whoever moves less is done before anybody looks, bytes. */
const LEAST_BYTES = 64 * 1024;

/** What is looked at. */
export type MovingEnd = Pick<
	CallEnd,
	"bytesSent" | "sendTotal" | "bytesReceived" | "incoming"
>;

/** Turns the frames of one attempt into few reports of its progress, the last of which says how it ended. */
export class TransferWatch {
	readonly #clock: Clock;
	readonly #tell: (progress: TransferProgress) => void;
	#end: MovingEnd | undefined;
	#receiveTotal: number | undefined;
	#toldAt = Number.NEGATIVE_INFINITY;
	#toldBytes = 0;
	#cancelTimer: CancelTimer | undefined;

	constructor(clock: Clock, tell: (progress: TransferProgress) => void) {
		this.#clock = clock;
		this.#tell = tell;
	}

	/** Bytes have moved. `stream`: what comes back is a stream, whose items say nothing of its length. */
	moved(end: MovingEnd, stream: boolean): void {
		this.#end = end;
		// Now, since it is forgotten as soon as the message is whole.
		const { received, total } = end.incoming;
		if (!stream && total >= LEAST_BYTES)
			this.#receiveTotal = end.bytesReceived - received + total;
		if (this.#cancelTimer || !this.#worthwhile(end)) return;
		const waitMs = this.#toldAt + INTERVAL_MS - this.#clock.monotonic();
		if (waitMs <= 0) this.#report(end);
		// Not left to the next frame: a transfer that stands still must not seem less far than it is.
		else
			this.#cancelTimer = this.#clock.schedule(waitMs, () => {
				this.#cancelTimer = undefined;
				this.#report(end);
			});
	}

	/** The attempt is over; `whole`: everything has arrived. */
	finish(whole: boolean): void {
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
		const end = this.#end;
		this.#end = undefined;
		if (!end || !this.#worthwhile(end)) return;
		if (whole) this.#receiveTotal = end.bytesReceived;
		if (end.bytesSent + end.bytesReceived > this.#toldBytes) this.#report(end);
	}

	#worthwhile(end: MovingEnd): boolean {
		const sending = Math.max(end.bytesSent, end.sendTotal ?? 0);
		const receiving = Math.max(end.bytesReceived, this.#receiveTotal ?? 0);
		return sending + receiving >= LEAST_BYTES;
	}

	#report(end: MovingEnd): void {
		const { bytesSent: sent, bytesReceived: received, sendTotal } = end;
		this.#toldAt = this.#clock.monotonic();
		this.#toldBytes = sent + received;
		const receiveTotal = this.#receiveTotal;
		this.#tell({
			type: "transfer",
			sent,
			received,
			...present({ sendTotal, receiveTotal }),
		});
	}
}
