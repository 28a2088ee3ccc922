import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { Channel, ChannelEvents } from "./channel.js";
import { errorOfGoodbye, goodbye } from "./data-channel-goodbye.js";
import type { DataChannelLike } from "./data-channel-like.js";
import { DataChannelOutbox } from "./data-channel-outbox.js";
import { Delivery } from "./delivery.js";
import { checkMessageSize } from "./message-size.js";

/** A `Channel` over WebRTC, which may still be opening. */
export interface DataChannel extends Channel {
	/** Resolves when open; rejects with UNAVAILABLE if it closes before. Nothing may be sent before. */
	readonly opened: Promise<void>;
	/** Resolves when the underlying data channel is gone and its connection may be closed. */
	readonly released: Promise<void>;
	/** The connection underneath broke: closes without the goodbye, which nobody would hear. */
	lose(error: EasyRemoteError): void;
}

/** Events of the state may be missed under load, so it is also looked at this often, ms. */
const STATE_POLL_MS = 1_000;
/** How long the far end has to take what was sent before a close, ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * A channel over an `RTCDataChannel`. Call it in the task in which `rtc` was created or received,
 * so that no message is missed.
 *
 * Binary messages are the user's. The only text message is the goodbye (`data-channel-goodbye.ts`):
 * closing an RTCDataChannel drops what it has buffered, so the side that wants to close says so
 * behind its last message, and the other side, having read that far, closes.
 */
export function dataChannel(
	rtc: DataChannelLike,
	options: { readonly clock?: Clock } = {},
): DataChannel {
	return new RtcChannel(rtc, options.clock ?? systemClock);
}

class RtcChannel implements DataChannel {
	readonly maxMessageBytes = PROTOCOL.directMessageBytes;
	readonly copiesFrom = 0;
	readonly #rtc: DataChannelLike;
	readonly #clock: Clock;
	readonly #delivery = new Delivery();
	readonly #outbox: DataChannelOutbox;
	readonly #opened: Deferred<void> = deferred();
	readonly #released: Deferred<void> = deferred();
	#cancelWatch: CancelTimer;
	#cancelForce: CancelTimer | undefined;

	constructor(rtc: DataChannelLike, clock: Clock) {
		this.#rtc = rtc;
		this.#clock = clock;
		this.#outbox = new DataChannelOutbox(rtc, clock, {
			drained: () => this.#delivery.drained(),
			failed: (error) => this.lose(error),
		});
		// A rejection that nobody waits for is no accident.
		this.#opened.promise.catch(() => undefined);
		rtc.binaryType = "arraybuffer";
		rtc.addEventListener("open", () => this.#look());
		rtc.addEventListener("close", () => this.#gone());
		rtc.addEventListener("error", () => this.#look());
		rtc.addEventListener("message", (event) => this.#receive(event.data));
		this.#cancelWatch = this.#watch();
		// It may be open already, in which case some implementations never say so.
		this.#look();
	}

	get opened(): Promise<void> {
		return this.#opened.promise;
	}

	get released(): Promise<void> {
		return this.#released.promise;
	}

	get writable(): boolean {
		return this.#delivery.open && this.#outbox.writable;
	}

	start(events: ChannelEvents): void {
		this.#delivery.start(events);
	}

	send(message: Uint8Array): void {
		if (!this.#delivery.open) return;
		checkMessageSize(message, this.maxMessageBytes);
		this.#outbox.send(message);
	}

	close(error?: EasyRemoteError): void {
		if (!this.#delivery.open) return;
		this.#delivery.abandon(error);
		this.#outbox.send(goodbye(error));
		this.#cancelForce = this.#clock.schedule(CLOSE_TIMEOUT_MS, () =>
			this.#shut(),
		);
	}

	lose(error: EasyRemoteError): void {
		this.#delivery.finish(error);
		this.#opened.reject(error);
		this.#shut();
	}

	#receive(data: unknown): void {
		if (data instanceof ArrayBuffer) {
			this.#delivery.message(new Uint8Array(data));
			return;
		}
		// The goodbye, or something that is not ours: either way this is the end, and we have read all.
		this.#delivery.finish(errorOfGoodbye(data));
		this.#shut();
	}

	#watch(): CancelTimer {
		return this.#clock.schedule(STATE_POLL_MS, () => {
			this.#cancelWatch = this.#watch();
			this.#look();
		});
	}

	#look(): void {
		const { readyState } = this.#rtc;
		if (readyState === "open") this.#opened.resolve();
		else if (readyState === "closed") this.#gone();
	}

	#shut(): void {
		this.#outbox.stop();
		this.#rtc.close();
		this.#look();
	}

	#gone(): void {
		const error = new EasyRemoteError(
			"UNAVAILABLE",
			"the direct path was lost: its data channel closed without a goodbye",
		);
		this.#cancelWatch();
		this.#cancelForce?.();
		this.#outbox.stop();
		this.#opened.reject(error);
		this.#delivery.finish(error);
		this.#released.resolve();
	}
}
