import type { OpenedRelay, RelayAnswer } from "@easyremote/shared/caller";
import { deferred } from "@easyremote/shared/async";
import { RelayChannel } from "@easyremote/shared/channel";
import { plainView } from "@easyremote/shared/codec";
import { type EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import {
	type ControlPayload,
	type ControlType,
	forEachPacket,
	isPathLoss,
	joinPackets,
	PACKET_HEADER_BYTES,
	packetAround,
	PROTOCOL,
} from "@easyremote/shared/protocol";
import type { Traffic } from "../observe/traffic.js";
import { PacketForwarder } from "./packet-forwarder.js";
import type { RelayEnd, RelayPort } from "./relay-session.js";

/** A session opened in this process, as the caller takes it. */
export type LocalRelay = OpenedRelay;

export interface LocalPortOptions {
	readonly traffic: Traffic;
	readonly excess: (end: RelayEnd) => void;
	/** Tells the far side that the session is over. */
	readonly close: (end: RelayEnd, error: EasyRemoteError | undefined) => void;
}

/** The number of the one session of a local port. */
const ONLY_SESSION = 1;

let portsMade = 0;

/** A port for one session whose opener lives in the gateway itself: what arrives goes into a channel. */
export class LocalPort implements RelayPort {
	readonly id: string;
	readonly ends = new Map<number, RelayEnd>();
	/** Whoever reads here is held by the session's own credit. */
	readonly congested = false;
	readonly session = ONLY_SESSION;
	readonly relay: LocalRelay;
	readonly #channel: RelayChannel;
	readonly #answer = deferred<RelayAnswer>();
	#answered = false;

	constructor(options: LocalPortOptions) {
		portsMade += 1;
		this.id = `local-${portsMade}`;
		const forwarder = new PacketForwarder(this, options.traffic, {
			control: () => undefined,
			excess: options.excess,
		});
		this.#channel = new RelayChannel({
			maxBodyBytes: PROTOCOL.relayMessageBytes,
			copiesFrom: Number.POSITIVE_INFINITY,
			writable: () => true,
			send: (body, headroom) => {
				forwarder.forward(
					headroom >= PACKET_HEADER_BYTES
						? packetAround(ONLY_SESSION, body)
						: joinPackets([{ session: ONLY_SESSION, body }]),
				);
			},
			detach: () => this.#settle({ kind: "lost" }),
		});
		this.relay = {
			channel: this.#channel,
			answer: this.#answer.promise,
			close: () => {
				const end = this.ends.get(ONLY_SESSION);
				if (end) options.close(end, undefined);
				this.#channel.close();
			},
		};
	}

	forward(packets: Uint8Array): void {
		// Not Node's Buffer, which a socket gives: its methods differ.
		const plain = plainView(packets);
		forEachPacket(plain, (_session, start, end) => {
			this.#channel.receive(plain.subarray(start, end));
		});
	}

	tell<T extends ControlType>(type: T, payload: ControlPayload<T>): void;
	tell(type: ControlType, payload: object): void {
		switch (type) {
			case "session_opened":
				this.#opened(payload as ControlPayload<"session_opened">);
				return;
			case "session_close":
				this.#closed(payload as ControlPayload<"session_close">);
				return;
			default:
			// A session without a direct path gets no signals, and `tellPause` has a way of its own.
		}
	}

	tellPause(_session: number, paused: boolean): void {
		this.#channel.setPaused(paused);
	}

	nextSession(): number {
		throw new TypeError("nobody opens sessions towards a local port");
	}

	#opened({ direct }: ControlPayload<"session_opened">): void {
		this.#settle({ kind: "taken", direct });
	}

	#closed({ error: wire }: ControlPayload<"session_close">): void {
		const error = wire && fromWireError(wire);
		const lost = error === undefined || isPathLoss(error);
		this.#settle(lost ? { kind: "lost" } : { kind: "refused", error });
		this.#channel.finish(error);
	}

	#settle(answer: RelayAnswer): void {
		if (this.#answered) return;
		this.#answered = true;
		this.#answer.resolve(answer);
	}
}
