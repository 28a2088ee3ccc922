import type { Channel, ChannelEvents } from "@easyremote/shared/channel";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { ByteCount } from "../node-facts.js";

/** Adds up what went over channels of one kind. */
export class ByteCounter {
	#sent = 0;
	#received = 0;

	get total(): ByteCount {
		return { sent: this.#sent, received: this.#received };
	}

	/** `channel`, whose messages are counted here from now on. */
	count(channel: Channel): Channel {
		return new CountedChannel(channel, {
			sent: (bytes) => {
				this.#sent += bytes;
			},
			received: (bytes) => {
				this.#received += bytes;
			},
		});
	}
}

interface Meter {
	readonly sent: (bytes: number) => void;
	readonly received: (bytes: number) => void;
}

class CountedChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom: number;
	readonly #channel: Channel;
	readonly #meter: Meter;

	constructor(channel: Channel, meter: Meter) {
		this.maxMessageBytes = channel.maxMessageBytes;
		this.copiesFrom = channel.copiesFrom;
		this.#channel = channel;
		this.#meter = meter;
	}

	get writable(): boolean {
		return this.#channel.writable;
	}

	start(events: ChannelEvents): void {
		this.#channel.start({
			message: (bytes) => {
				this.#meter.received(bytes.byteLength);
				events.message(bytes);
			},
			drained: () => events.drained(),
			closed: (error) => events.closed(error),
		});
	}

	send(message: Uint8Array, headroom?: number): void {
		this.#meter.sent(message.byteLength);
		this.#channel.send(message, headroom);
	}

	close(error?: EasyRemoteError): void {
		this.#channel.close(error);
	}
}
