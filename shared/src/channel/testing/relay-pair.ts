import { fromWireError, toWireError } from "../../errors/error-wire.js";
import { ControlEncoder } from "../../protocol/control-codec.js";
import { decodeControl } from "../../protocol/decode-control.js";
import { forEachPacket, rewriteSession } from "../../protocol/packet.js";
import type { Channel, ChannelEvents } from "../channel.js";
import { PacketMux } from "../packet-mux.js";
import type { RelayChannel } from "../relay-channel.js";
import type { ChannelPair } from "./channel-conformance.js";

/** The session number of each side, which the forwarder swaps. */
const NUMBERS = { a: 7, b: 12 } as const;

/**
 * Two relay channels with what users of a link add to them: a `session_close` that tells the far
 * end. The gateway between them is a forwarder that only rewrites session numbers.
 */
export function relayPair(
	sides: { readonly a: Channel; readonly b: Channel },
	gatewayEnds: { readonly a: Channel; readonly b: Channel },
	dispose: () => Promise<void>,
): ChannelPair {
	forward(gatewayEnds.a, gatewayEnds.b, NUMBERS.b);
	forward(gatewayEnds.b, gatewayEnds.a, NUMBERS.a);
	return {
		a: new AnnouncedRelay(sides.a, NUMBERS.a),
		b: new AnnouncedRelay(sides.b, NUMBERS.b),
		dispose,
	};
}

/** Passes relayed packets on under the other side's number, and control packets as they are. */
function forward(from: Channel, to: Channel, number: number): void {
	from.start({
		message: (bytes) => {
			forEachPacket(bytes, (session, bodyStart) => {
				if (session !== 0) rewriteSession(bytes, bodyStart - 8, number);
			});
			to.send(bytes);
		},
		drained: () => undefined,
		closed: () => to.close(),
	});
}

class AnnouncedRelay implements Channel {
	readonly #mux: PacketMux;
	readonly #relay: RelayChannel;
	readonly #encoder = new ControlEncoder(() => 0);
	readonly #session: number;
	#closed = false;

	constructor(socket: Channel, session: number) {
		this.#session = session;
		this.#mux = new PacketMux(socket, {
			control: (body) => this.#onControl(body),
			closed: () => undefined,
			unknownSession: () => undefined,
		});
		this.#relay = this.#mux.openRelay(session);
	}

	get maxMessageBytes(): number {
		return this.#relay.maxMessageBytes;
	}

	get copiesFrom(): number {
		return this.#relay.copiesFrom;
	}

	get writable(): boolean {
		return this.#relay.writable;
	}

	start(events: ChannelEvents): void {
		this.#relay.start(events);
	}

	send(message: Uint8Array, headroom?: number): void {
		this.#relay.send(message, headroom);
	}

	close(error?: Parameters<Channel["close"]>[0]): void {
		if (this.#closed) return;
		this.#closed = true;
		const { body } = this.#encoder.encode("session_close", {
			session: this.#session,
			...(error ? { error: toWireError(error) } : {}),
		});
		this.#mux.sendControl(body);
		this.#relay.close(error);
	}

	#onControl(body: Uint8Array): void {
		const message = decodeControl(body);
		if (message.type !== "session_close") return;
		this.#closed = true;
		const { error } = message.payload;
		this.#relay.finish(error ? fromWireError(error) : undefined);
	}
}
