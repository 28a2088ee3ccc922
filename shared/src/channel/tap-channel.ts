import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Channel, ChannelEvents } from "./channel.js";

/** What is heard of a channel, each right before its user or the channel itself is told. */
export interface ChannelTaps {
	/** A message goes out. */
	readonly sent?: (message: Uint8Array) => void;
	/** A message has come in. */
	readonly received?: (message: Uint8Array) => void;
	readonly closed?: (error: EasyRemoteError | undefined) => void;
}

/** `channel` in every respect, overheard. */
export function tapChannel(channel: Channel, taps: ChannelTaps): Channel {
	return new TappedChannel(channel, taps);
}

class TappedChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom: number;
	readonly #channel: Channel;
	readonly #taps: ChannelTaps;

	constructor(channel: Channel, taps: ChannelTaps) {
		this.maxMessageBytes = channel.maxMessageBytes;
		this.copiesFrom = channel.copiesFrom;
		this.#channel = channel;
		this.#taps = taps;
	}

	get writable(): boolean {
		return this.#channel.writable;
	}

	start(events: ChannelEvents): void {
		const { received, closed } = this.#taps;
		this.#channel.start({
			message: (bytes) => {
				received?.(bytes);
				events.message(bytes);
			},
			drained: () => events.drained(),
			closed: (error) => {
				closed?.(error);
				events.closed(error);
			},
		});
	}

	send(message: Uint8Array, headroom?: number): void {
		this.#taps.sent?.(message);
		this.#channel.send(message, headroom);
	}

	close(error?: EasyRemoteError): void {
		this.#channel.close(error);
	}
}
