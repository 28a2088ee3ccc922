import type { Channel, ChannelEvents } from "../channel/channel.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";

/** `channel`, whose end is also told to `onEnd`, right before its user hears of it. */
export function observeEnd(
	channel: Channel,
	onEnd: (error: EasyRemoteError | undefined) => void,
): Channel {
	return new ObservedChannel(channel, onEnd);
}

class ObservedChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom: number;
	readonly #channel: Channel;
	readonly #onEnd: (error: EasyRemoteError | undefined) => void;

	constructor(
		channel: Channel,
		onEnd: (error: EasyRemoteError | undefined) => void,
	) {
		this.maxMessageBytes = channel.maxMessageBytes;
		this.copiesFrom = channel.copiesFrom;
		this.#channel = channel;
		this.#onEnd = onEnd;
	}

	get writable(): boolean {
		return this.#channel.writable;
	}

	start(events: ChannelEvents): void {
		this.#channel.start({
			message: (bytes) => events.message(bytes),
			drained: () => events.drained(),
			closed: (error) => {
				this.#onEnd(error);
				events.closed(error);
			},
		});
	}

	send(message: Uint8Array, headroom?: number): void {
		this.#channel.send(message, headroom);
	}

	close(error?: EasyRemoteError): void {
		this.#channel.close(error);
	}
}
