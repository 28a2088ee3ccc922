import { turnEnd } from "../async/turn-end.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	CONTROL_SESSION,
	forEachPacket,
	joinPackets,
	PACKET_HEADER_BYTES,
	packetAround,
} from "../protocol/packet.js";
import type { Channel } from "./channel.js";
import { RelayChannel } from "./relay-channel.js";

/** What a mux tells its user, synchronously and in order; nothing after `closed`. */
export interface PacketMuxEvents {
	/** The body of a control packet. */
	control(body: Uint8Array): void;
	/** The channel underneath is gone, and with it every relay channel. */
	closed(error: EasyRemoteError | undefined): void;
	/** A packet came for a session that is not open here (or no longer); it was dropped. */
	unknownSession(session: number): void;
}

/** A body on its way, with so many bytes in front of it that may be written to. */
interface Packet {
	readonly session: number;
	readonly body: Uint8Array;
	readonly headroom: number;
}

/** A batch of packets is sent when it has grown to this, bytes. */
const BATCH_BYTES = 256 * 1024;
/** A body from this size on goes out alone: it gains nothing by waiting for others, bytes. */
const ALONE_BYTES = 32 * 1024;

/**
 * Splits one message channel, normally a WebSocket to the gateway, into the control plane and the
 * relay channels of sessions. Packets that become ready in the same turn share one message, in
 * the order in which they were sent.
 *
 * @example
 * const mux = new PacketMux(channel, { control, closed, unknownSession });
 * mux.sendControl(body);
 * const relay = mux.openRelay(7);
 */
export class PacketMux {
	readonly #channel: Channel;
	readonly #events: PacketMuxEvents;
	/** In the order in which their turn to fill a drained channel comes. */
	readonly #relays = new Map<number, RelayChannel>();
	#batch: Packet[] = [];
	#batchBytes = 0;
	#closed = false;

	/** Starts `channel`. */
	constructor(channel: Channel, events: PacketMuxEvents) {
		this.#channel = channel;
		this.#events = events;
		channel.start({
			message: (bytes) => this.#receive(bytes),
			drained: () => this.#drained(),
			closed: (error) => this.#onClosed(error),
		});
	}

	/** Whether the channel underneath takes more now. */
	get writable(): boolean {
		return this.#channel.writable;
	}

	/** Largest body of one packet, bytes. */
	get maxBodyBytes(): number {
		return this.#channel.maxMessageBytes - PACKET_HEADER_BYTES;
	}

	/** Queues a control message behind the packets already sent. Throws INTERNAL when it is too large. */
	sendControl(body: Uint8Array): void {
		if (body.length > this.maxBodyBytes) {
			throw new EasyRemoteError(
				"INTERNAL",
				`a control message of ${body.length} bytes; the connection takes ${this.maxBodyBytes}`,
			);
		}
		this.#queue(CONTROL_SESSION, body, 0);
	}

	/** The relay channel of `session`. Opening a number again replaces its channel and closes the old one. */
	openRelay(session: number): RelayChannel {
		this.#relays.get(session)?.close();
		const relay = new RelayChannel({
			maxBodyBytes: this.maxBodyBytes,
			// Smaller ones wait for others.
			copiesFrom: Math.max(this.#channel.copiesFrom, ALONE_BYTES),
			writable: () => this.#channel.writable,
			send: (body, headroom) => this.#queue(session, body, headroom),
			detach: () => {
				if (this.#relays.get(session) === relay) this.#relays.delete(session);
			},
		});
		if (this.#closed) relay.finish(undefined);
		else this.#relays.set(session, relay);
		return relay;
	}

	/** Sends what is queued, then closes the channel underneath. */
	close(error?: EasyRemoteError): void {
		this.#flush();
		this.#channel.close(error);
	}

	#queue(session: number, body: Uint8Array, headroom: number): void {
		if (this.#closed) return;
		const size = PACKET_HEADER_BYTES + body.length;
		if (size >= ALONE_BYTES && headroom >= PACKET_HEADER_BYTES) {
			this.#flush();
			this.#channel.send(packetAround(session, body));
			return;
		}
		const limit = Math.min(BATCH_BYTES, this.#channel.maxMessageBytes);
		if (this.#batchBytes > 0 && this.#batchBytes + size > limit) this.#flush();
		this.#batch.push({ session, body, headroom });
		this.#batchBytes += size;
		if (size >= ALONE_BYTES) this.#flush();
		else if (this.#batch.length === 1) turnEnd.plan(this.#flush);
	}

	readonly #flush = (): void => {
		const [first] = this.#batch;
		if (!first) return;
		const alone =
			this.#batch.length === 1 && first.headroom >= PACKET_HEADER_BYTES;
		const message = alone
			? packetAround(first.session, first.body)
			: joinPackets(this.#batch);
		this.#batch = [];
		this.#batchBytes = 0;
		this.#channel.send(message);
	};

	#receive(message: Uint8Array): void {
		const whole = forEachPacket(message, (session, start, end) => {
			if (this.#closed) return;
			const body = message.subarray(start, end);
			if (session === CONTROL_SESSION) {
				this.#events.control(body);
				return;
			}
			const relay = this.#relays.get(session);
			if (relay) relay.receive(body);
			else this.#events.unknownSession(session);
		});
		if (whole || this.#closed) return;
		this.#channel.close(
			new EasyRemoteError(
				"INVALID_ARGUMENT",
				"the far end sent a message that is not whole packets",
			),
		);
	}

	/** Lets the relays refill the channel, each getting its turn before one gets its second. */
	#drained(): void {
		for (const [session, relay] of [...this.#relays]) {
			if (!this.#channel.writable) return;
			if (!relay.writable) continue;
			this.#relays.delete(session);
			this.#relays.set(session, relay);
			relay.drained();
		}
	}

	#onClosed(error: EasyRemoteError | undefined): void {
		this.#closed = true;
		this.#batch = [];
		const relays = [...this.#relays.values()];
		this.#relays.clear();
		for (const relay of relays) relay.finish(error);
		this.#events.closed(error);
	}
}
