import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { Channel, ChannelEvents } from "./channel.js";
import { Delivery } from "./delivery.js";
import { checkMessageSize } from "./message-size.js";

/** What a relay channel needs of the mux that carries it. */
export interface RelayCarrier {
	/** Largest body the socket takes, bytes. */
	readonly maxBodyBytes: number;
	/** As of channels. */
	readonly copiesFrom: number;
	/** Whether the socket takes more now. */
	writable(): boolean;
	send(body: Uint8Array, headroom: number): void;
	/** The channel has closed: its packets no longer concern it. */
	detach(): void;
}

/**
 * One relayed session on a socket to the gateway. Closing it only detaches it here: telling the
 * far end (`session_close`) is the task of whoever opened it.
 */
export class RelayChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom: number;
	readonly #carrier: RelayCarrier;
	readonly #delivery = new Delivery();
	#paused = false;

	constructor(carrier: RelayCarrier) {
		this.#carrier = carrier;
		this.copiesFrom = carrier.copiesFrom;
		this.maxMessageBytes = Math.min(
			PROTOCOL.relayMessageBytes,
			carrier.maxBodyBytes,
		);
	}

	get writable(): boolean {
		return !this.#paused && this.#delivery.open && this.#carrier.writable();
	}

	start(events: ChannelEvents): void {
		this.#delivery.start(events);
	}

	send(message: Uint8Array, headroom = 0): void {
		if (!this.#delivery.open) return;
		checkMessageSize(message, this.maxMessageBytes);
		this.#carrier.send(message, headroom);
	}

	close(error?: EasyRemoteError): void {
		if (!this.#delivery.open) return;
		this.#carrier.detach();
		this.#delivery.abandon(error);
	}

	/** Obeys the gateway's `session_pause`: whether the far side of the relay is too slow now. */
	setPaused(paused: boolean): void {
		if (paused === this.#paused) return;
		this.#paused = paused;
		if (this.writable) this.#delivery.drained();
	}

	/**
	 * For the mux: a packet came. The gateway passes bodies on unread, so a faulty one is the
	 * doing of this session's far end and closes this session only.
	 */
	receive(body: Uint8Array): void {
		if (body.length > 0 && body.length <= PROTOCOL.relayMessageBytes) {
			this.#delivery.message(body);
			return;
		}
		this.finish(
			new EasyRemoteError(
				"INVALID_ARGUMENT",
				`the far end relayed a message of ${body.length} bytes, not 1 to ${PROTOCOL.relayMessageBytes}`,
			),
		);
	}

	/** For the mux: the socket takes more. */
	drained(): void {
		this.#delivery.drained();
	}

	/** For the mux: the socket is gone. */
	finish(error: EasyRemoteError | undefined): void {
		if (!this.#delivery.open) return;
		this.#carrier.detach();
		this.#delivery.finish(error);
	}
}
