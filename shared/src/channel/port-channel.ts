import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError, toWireError } from "../errors/error-wire.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { Channel, ChannelEvents } from "./channel.js";
import { Delivery } from "./delivery.js";
import { checkMessageSize } from "./message-size.js";
import { type PortEvent, type PortLike, portWord } from "./port-like.js";

/** Limits of a port channel; both ends should agree on them. */
export interface PortChannelOptions {
	/** Largest message, bytes (256 KiB). */
	readonly maxMessageBytes?: number;
	/** Bytes under way from which the channel is not writable (1 MiB). */
	readonly highWaterBytes?: number;
	readonly clock?: Clock;
}

const DEFAULT_HIGH_WATER_BYTES = 1024 * 1024;
/** How long the far end, which may be busy computing, has to answer our close, ms. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * A channel over a MessagePort, or a Worker and its global scope. Ports have no back-pressure, so
 * the receiver gives credit for what it has taken. Whole buffers are moved, not copied.
 */
export function portChannel(
	port: PortLike,
	options: PortChannelOptions = {},
): Channel {
	return new PortChannel(port, options);
}

class PortChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom = Number.POSITIVE_INFINITY;
	readonly #port: PortLike;
	readonly #highWater: number;
	readonly #clock: Clock;
	readonly #delivery = new Delivery();
	/** Sent, and not yet credited. */
	#underWay = 0;
	/** Taken by the user, and not yet credited to the far end. */
	#owed = 0;
	/** Arrived before `start`. */
	#kept = 0;
	#blocked = false;
	#cancelRelease: CancelTimer | undefined;

	constructor(port: PortLike, options: PortChannelOptions) {
		this.maxMessageBytes =
			options.maxMessageBytes ?? PROTOCOL.relayMessageBytes;
		this.#port = port;
		this.#highWater = options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES;
		this.#clock = options.clock ?? systemClock;
		port.addEventListener("message", this.#onMessage);
		port.addEventListener("messageerror", this.#onMessageError);
		port.addEventListener("close", this.#onClose);
		port.start?.();
	}

	get writable(): boolean {
		return !this.#blocked && this.#delivery.open;
	}

	start(events: ChannelEvents): void {
		this.#delivery.start(events);
		this.#owe(this.#kept);
	}

	send(message: Uint8Array, headroom = 0): void {
		if (!this.#delivery.open) return;
		checkMessageSize(message, this.maxMessageBytes);
		this.#underWay += message.length;
		if (this.#underWay >= this.#highWater) this.#blocked = true;
		this.#post(message, headroom);
	}

	close(error?: EasyRemoteError): void {
		if (!this.#delivery.open) return;
		this.#delivery.abandon(error);
		this.#sayClose(error);
	}

	/** Cloning a view clones its whole buffer, so a part is copied out first; and then moved. */
	#post(message: Uint8Array, headroom: number): void {
		const { buffer } = message;
		const whole = headroom + message.length === buffer.byteLength;
		if (buffer instanceof ArrayBuffer && whole) {
			try {
				this.#port.postMessage(message, [buffer]);
				return;
			} catch {
				// Some buffers cannot be moved: those of @roamhq/wrtc, of WebAssembly.
			}
		}
		const copy = new Uint8Array(message);
		this.#port.postMessage(copy, [copy.buffer]);
	}

	readonly #onMessage = (event: PortEvent): void => {
		const word = portWord(event.data);
		switch (word.kind) {
			case "message":
				this.#receive(word.bytes);
				break;
			case "credit":
				this.#credit(word.bytes);
				break;
			case "close":
				this.#farClosed(word.error ? fromWireError(word.error) : undefined);
				break;
			case "closed":
				this.#release();
				break;
			case "foreign":
				this.#fail("a message came through the port that no channel sends");
				break;
			default:
				word satisfies never;
		}
	};

	readonly #onMessageError = (): void => {
		this.#fail("a message came through the port that could not be read");
	};

	readonly #onClose = (): void => {
		this.#delivery.finish(
			new EasyRemoteError(
				"UNAVAILABLE",
				"the message port closed, or the Worker behind it ended",
			),
		);
		this.#release();
	};

	#receive(bytes: Uint8Array): void {
		if (bytes.length === 0 || bytes.length > this.maxMessageBytes) {
			this.#fail(`a message of ${bytes.length} bytes came through the port`);
			return;
		}
		const { live } = this.#delivery;
		this.#delivery.message(bytes);
		if (live) this.#owe(bytes.length);
		else this.#kept += bytes.length;
	}

	/** Credit goes back in large portions: at most a quarter of the window is ever owed. */
	#owe(bytes: number): void {
		this.#owed += bytes;
		if (this.#owed < this.#highWater / 4 || !this.#delivery.open) return;
		this.#port.postMessage({ credit: this.#owed });
		this.#owed = 0;
	}

	#credit(bytes: number): void {
		this.#underWay = Math.max(this.#underWay - bytes, 0);
		if (!this.#blocked || this.#underWay >= this.#highWater) return;
		this.#blocked = false;
		this.#delivery.drained();
	}

	#farClosed(error: EasyRemoteError | undefined): void {
		this.#port.postMessage({ closed: true });
		this.#delivery.finish(error);
		this.#release();
	}

	#fail(what: string): void {
		if (!this.#delivery.open) return;
		const error = new EasyRemoteError("INVALID_ARGUMENT", what);
		this.#delivery.finish(error);
		this.#sayClose(error);
	}

	#sayClose(error: EasyRemoteError | undefined): void {
		this.#port.postMessage({ close: error ? toWireError(error) : true });
		// Closing the port at once could overtake what the far end has not read yet.
		this.#cancelRelease = this.#clock.schedule(CLOSE_TIMEOUT_MS, () =>
			this.#release(),
		);
	}

	#release(): void {
		this.#cancelRelease?.();
		this.#port.removeEventListener("message", this.#onMessage);
		this.#port.removeEventListener("messageerror", this.#onMessageError);
		this.#port.removeEventListener("close", this.#onClose);
		this.#port.close?.();
	}
}
