import {
	CONTROL_SESSION,
	forEachPacket,
	PACKET_HEADER_BYTES,
	rewriteSession,
} from "@easyremote/shared/protocol";
import type { Traffic } from "../observe/traffic.js";
import type { RelayEnd, RelayPort } from "./relay-session.js";

const NOTHING = new Uint8Array();

/** What the forwarder leaves to others. */
export interface ForwarderEvents {
	/** The body of a control message. What came before it in the same message has been passed on. */
	control(body: Uint8Array): void;
	/** A session's source does not heed its limits: more before it was open, or after it was paused, than allowed. */
	excess(end: RelayEnd): void;
}

/**
 * The hot path: passes the packets that come in at one port on to where their sessions lead. A packet
 * costs one header read, one look-up and one number written in place; bodies are never looked at, and
 * neighbouring packets for the same port leave as one piece of the buffer they came in.
 */
export class PacketForwarder {
	readonly #source: RelayPort;
	readonly #traffic: Traffic;
	readonly #events: ForwarderEvents;
	#message: Uint8Array = NOTHING;
	/** Where the run of packets now being gathered goes, and where it begins and ends. */
	#target: RelayPort | undefined;
	#runStart = 0;
	#runEnd = 0;

	constructor(source: RelayPort, traffic: Traffic, events: ForwarderEvents) {
		this.#source = source;
		this.#traffic = traffic;
		this.#events = events;
	}

	/** Takes ownership of one WebSocket message. False if it is not a whole number of packets. */
	forward(message: Uint8Array): boolean {
		this.#message = message;
		const whole = forEachPacket(message, this.#visit);
		this.#endRun();
		// Kept until the next one comes, it would grow old, and a full collection would have to free it.
		this.#message = NOTHING;
		return whole;
	}

	readonly #visit = (session: number, start: number, end: number): void => {
		if (session === CONTROL_SESSION) {
			this.#endRun();
			this.#events.control(this.#message.subarray(start, end));
			return;
		}
		const near = this.#source.ends.get(session);
		if (!near) {
			this.#traffic.strayPackets += 1;
			return;
		}
		const { far } = near;
		if (far) this.#extendRun(near, far, start, end);
		else this.#hold(near, start, end);
	};

	#extendRun(near: RelayEnd, far: RelayEnd, start: number, end: number): void {
		const head = start - PACKET_HEADER_BYTES;
		if (far.port !== this.#target || head !== this.#runEnd) {
			this.#endRun();
			this.#target = far.port;
			this.#runStart = head;
		}
		this.#runEnd = end;
		rewriteSession(this.#message, head, far.session);
		this.#count(near, end - start);
		if (far.port.congested) this.#slowDown(near);
	}

	#hold(near: RelayEnd, start: number, end: number): void {
		this.#endRun();
		const packet = this.#message.subarray(start - PACKET_HEADER_BYTES, end);
		if (!near.hold(packet)) this.#events.excess(near);
	}

	#slowDown(near: RelayEnd): void {
		if (!near.paused) {
			this.#traffic.pauses += 1;
			near.pause();
		} else if (near.disobeys) {
			this.#endRun();
			this.#events.excess(near);
		}
	}

	#count(near: RelayEnd, bytes: number): void {
		near.packets += 1;
		near.bytes += bytes;
		this.#traffic.relayedPackets += 1;
		this.#traffic.relayedBytes += bytes;
	}

	#endRun(): void {
		const target = this.#target;
		if (!target) return;
		this.#target = undefined;
		const whole = this.#runStart === 0 && this.#runEnd === this.#message.length;
		target.forward(
			whole
				? this.#message
				: this.#message.subarray(this.#runStart, this.#runEnd),
		);
	}
}
