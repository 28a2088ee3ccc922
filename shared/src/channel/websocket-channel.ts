import { plainView } from "../codec/own-bytes.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { CLOSE_CODES, PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { Channel, ChannelEvents } from "./channel.js";
import { closeCodeOf, closeReasonOf, errorOfClose } from "./close-codes.js";
import { Delivery } from "./delivery.js";
import { checkMessageSize } from "./message-size.js";
import { SOCKET_OPEN, type WebSocketLike } from "./websocket-like.js";

/** Limits of a WebSocket channel. */
export interface WebSocketChannelOptions {
	/** Largest message sent, bytes (1 MiB). What may come in is the socket's own limit. */
	readonly maxMessageBytes?: number;
	/** Buffered bytes from which the channel is not writable (1 MiB). */
	readonly highWaterBytes?: number;
	readonly clock?: Clock;
}

const DEFAULT_HIGH_WATER_BYTES = 1024 * 1024;
/** How often a blocked browser socket is looked at; browsers say nothing when it drains. */
const DRAIN_POLL_MS = 5;
/** How long the far end has to answer our close; the `ws` package alone would wait 30 s. */
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * A channel over an open WebSocket, of a browser or of the `ws` package. Call it in the task in
 * which the socket opened, so that no message is missed. Text messages are not ours: they close
 * the socket with 4400.
 */
export function webSocketChannel(
	socket: WebSocketLike,
	options: WebSocketChannelOptions = {},
): Channel {
	return new WebSocketChannel(socket, options);
}

class WebSocketChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom: number;
	readonly #socket: WebSocketLike;
	readonly #highWater: number;
	readonly #clock: Clock;
	readonly #delivery = new Delivery();
	readonly #reportsSends: boolean;
	#blocked = false;
	#cancelPoll: CancelTimer | undefined;
	#cancelTermination: CancelTimer | undefined;
	#failure: string | undefined;

	constructor(socket: WebSocketLike, options: WebSocketChannelOptions) {
		this.maxMessageBytes =
			options.maxMessageBytes ?? PROTOCOL.socketMessageBytes;
		this.#socket = socket;
		this.#highWater = options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES;
		this.#clock = options.clock ?? systemClock;
		// Only `ws` has `terminate`, and only `ws` calls back when a message has gone out.
		this.#reportsSends = socket.terminate !== undefined;
		// `ws` sends what it was given as it stands when the system takes it; a browser's socket has its copy at once.
		this.copiesFrom = this.#reportsSends ? Number.POSITIVE_INFINITY : 0;
		// `ws` gives views of what it read as "nodebuffer"; as "arraybuffer" it would copy.
		if (socket.binaryType !== "nodebuffer") socket.binaryType = "arraybuffer";
		socket.addEventListener("error", (event) => {
			// A close event follows; this is the only place that knows why.
			this.#failure = event.message;
		});
		socket.addEventListener("message", (event) => this.#receive(event.data));
		socket.addEventListener("close", (event) =>
			this.#closed(event.code ?? 1006, event.reason ?? ""),
		);
	}

	get writable(): boolean {
		return !this.#blocked && this.#delivery.open;
	}

	start(events: ChannelEvents): void {
		this.#delivery.start(events);
	}

	send(message: Uint8Array): void {
		if (!this.#delivery.open || this.#socket.readyState !== SOCKET_OPEN) return;
		checkMessageSize(message, this.maxMessageBytes);
		const fills =
			this.#socket.bufferedAmount + message.length >= this.#highWater;
		if (!fills) {
			this.#socket.send(message);
			return;
		}
		this.#blocked = true;
		if (this.#reportsSends) {
			this.#socket.send(message, () => this.#lookForRoom());
		} else {
			this.#socket.send(message);
			this.#poll();
		}
	}

	close(error?: EasyRemoteError): void {
		if (!this.#delivery.open) return;
		this.#delivery.abandon(error);
		this.#closeSocket(error);
	}

	#receive(data: unknown): void {
		if (data instanceof ArrayBuffer) {
			this.#delivery.message(new Uint8Array(data));
		} else if (data instanceof Uint8Array) {
			this.#delivery.message(plainView(data));
		} else if (this.#delivery.open) {
			const error = new EasyRemoteError(
				"INVALID_ARGUMENT",
				"the far end sent a text message; only binary ones are spoken",
			);
			this.#delivery.finish(error);
			this.#closeSocket(error);
		}
	}

	#poll(): void {
		this.#cancelPoll ??= this.#clock.schedule(DRAIN_POLL_MS, () => {
			this.#cancelPoll = undefined;
			this.#lookForRoom();
			if (this.#blocked && this.#delivery.open) this.#poll();
		});
	}

	#lookForRoom(): void {
		if (!this.#blocked || !this.#delivery.open) return;
		if (this.#socket.bufferedAmount >= this.#highWater) return;
		this.#blocked = false;
		this.#delivery.drained();
	}

	#closeSocket(error: EasyRemoteError | undefined): void {
		this.#cancelPoll?.();
		const reason = closeReasonOf(error);
		try {
			this.#socket.close(closeCodeOf(error), reason);
		} catch {
			// Browsers keep the codes below 3000 to themselves.
			this.#socket.close(CLOSE_CODES.failed, reason);
		}
		this.#cancelTermination = this.#clock.schedule(CLOSE_TIMEOUT_MS, () =>
			this.#socket.terminate?.(),
		);
	}

	#closed(code: number, reason: string): void {
		this.#cancelPoll?.();
		this.#cancelTermination?.();
		this.#delivery.finish(errorOfClose(code, reason || (this.#failure ?? "")));
	}
}
