import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { DataChannelLike } from "./data-channel-like.js";

/** What an outbox tells its channel. */
export interface OutboxEvents {
	/** There is room again. */
	drained(): void;
	/** The data channel refused a message: it is beyond use. */
	failed(error: EasyRemoteError): void;
}

/**
 * Visible bytes with which a data channel counts as full. @roamhq/wrtc hides about 2 MB more, and
 * beyond 8 MiB in all messages may be lost without a word, so this leaves room for both.
 */
const FULL_BYTES = 4 * 1024 * 1024;
/** A full one takes more once it has drained to this, bytes. */
const LOW_BYTES = 1024 * 1024;
/** `bufferedAmount` is read once per so many bytes handed over. */
const READ_EVERY_BYTES = 1024 * 1024;
/** How often a full one is looked at: @roamhq/wrtc has no event for it. Chromium's, used as well, is sooner. */
const DRAIN_POLL_MS = 5;

/** Hands messages to a data channel, no more than it holds safely; the rest waits here. */
export class DataChannelOutbox {
	readonly #rtc: DataChannelLike;
	readonly #clock: Clock;
	readonly #events: OutboxEvents;
	#waiting: (Uint8Array | string)[] = [];
	/** At most this much is buffered: the last reading and what was handed over since. */
	#buffered = 0;
	#sinceReading = 0;
	#full = false;
	#stopped = false;
	#cancelPoll: CancelTimer | undefined;

	constructor(rtc: DataChannelLike, clock: Clock, events: OutboxEvents) {
		this.#rtc = rtc;
		this.#clock = clock;
		this.#events = events;
		if (typeof rtc.bufferedAmountLowThreshold === "number") {
			rtc.bufferedAmountLowThreshold = LOW_BYTES;
			rtc.addEventListener("bufferedamountlow", () => this.#lookForRoom());
		}
	}

	get writable(): boolean {
		return !this.#full;
	}

	/** A message may be written over once this has returned. */
	send(message: Uint8Array | string): void {
		if (this.#stopped) return;
		if (this.#full) this.#waiting.push(message.slice());
		else this.#handOver(message);
	}

	/** Forgets what waits; nothing is sent from here on. */
	stop(): void {
		this.#stopped = true;
		this.#waiting = [];
		this.#cancelPoll?.();
	}

	#handOver(message: Uint8Array | string): void {
		try {
			this.#rtc.send(message);
		} catch (cause) {
			this.#events.failed(
				new EasyRemoteError(
					"UNAVAILABLE",
					"the direct path was lost: its data channel takes no more messages",
					{ cause },
				),
			);
			return;
		}
		this.#buffered += message.length;
		this.#sinceReading += message.length;
		if (this.#sinceReading < READ_EVERY_BYTES) return;
		this.#read();
		if (this.#buffered < FULL_BYTES) return;
		this.#full = true;
		this.#poll();
	}

	#read(): void {
		this.#buffered = this.#rtc.bufferedAmount;
		this.#sinceReading = 0;
	}

	#poll(): void {
		this.#cancelPoll ??= this.#clock.schedule(DRAIN_POLL_MS, () => {
			this.#cancelPoll = undefined;
			this.#lookForRoom();
			if (this.#full && !this.#stopped) this.#poll();
		});
	}

	#lookForRoom(): void {
		if (!this.#full || this.#stopped) return;
		this.#read();
		if (this.#buffered > LOW_BYTES) return;
		this.#full = false;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const message of waiting) this.send(message);
		// The loop may have filled it again, in which case what is left waits here again, in order.
		if (this.writable) this.#events.drained();
	}
}
