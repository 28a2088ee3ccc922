import type { EasyRemoteError } from "../errors/easyremote-error.js";

/** What a channel tells its one user. Called synchronously, in order, never after `closed`. */
export interface ChannelEvents {
	/** One whole message. The bytes belong to the receiver from here on. */
	message(bytes: Uint8Array): void;
	/** `writable` became true again. */
	drained(): void;
	/** The end, said exactly once; `error` is absent when either side closed it on purpose. */
	closed(error: EasyRemoteError | undefined): void;
}

/**
 * An ordered, reliable, back-pressured pipe of binary messages between two ends.
 * The conformance suite (`channel/testing`) says what every implementation owes:
 *
 * - messages arrive whole, in order, once, or the channel closes;
 * - what arrives before `start` is kept and delivered by it;
 * - `send` on a closed channel does nothing: the close is reported by `closed`;
 * - `close` lets messages already sent go out where the transport allows;
 * - `closed` is reported to both ends, to the closing one as well.
 */
export interface Channel {
	/** Largest message that `send` takes, bytes. */
	readonly maxMessageBytes: number;
	/** Whether `send` should be called now: false asks the sender to wait for `drained`. */
	readonly writable: boolean;
	/**
	 * Size from which a message may be written over once `send` has returned, bytes: the channel has its own copy, if any.
	 * Infinity where every message is the channel's for good.
	 */
	readonly copiesFrom: number;
	/** Begins delivery. Call it once. */
	start(events: ChannelEvents): void;
	/**
	 * Sends one message of 1 … `maxMessageBytes` bytes and takes ownership of it, but for what `copiesFrom` says.
	 * It is queued even when `writable` is false; heeding that is the sender's duty.
	 *
	 * @param headroom bytes in front of the message, in the same buffer, that are given away with it: a channel that
	 * puts a header before a large message can write it there instead of copying the message
	 */
	send(message: Uint8Array, headroom?: number): void;
	/** Closes both directions. With `error`, the far end learns at least that it was not on purpose. */
	close(error?: EasyRemoteError): void;
}
