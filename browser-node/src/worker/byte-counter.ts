import { type Channel, tapChannel } from "@easyremote/shared/channel";
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
		return tapChannel(channel, {
			sent: ({ byteLength }) => {
				this.#sent += byteLength;
			},
			received: ({ byteLength }) => {
				this.#received += byteLength;
			},
		});
	}
}
