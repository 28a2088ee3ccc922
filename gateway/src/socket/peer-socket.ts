import type { Duplex } from "node:stream";
import {
	closeCodeOf,
	closeReasonOf,
	wholeSender,
} from "@easyremote/shared/channel";
import {
	type EasyRemoteError,
	toEasyRemoteError,
	toWireError,
} from "@easyremote/shared/errors";
import {
	CLOSE_CODES,
	CONTROL_SESSION,
	ControlEncoder,
	type ControlMessage,
	type ControlPayload,
	type ControlType,
	decodeControl,
	type IceServer,
	joinPackets,
} from "@easyremote/shared/protocol";
import {
	type CancelTimer,
	type Clock,
	TokenBucket,
} from "@easyremote/shared/time";
import type { RawData, WebSocket } from "ws";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { Traffic } from "../observe/traffic.js";
import { PacketForwarder } from "../relay/packet-forwarder.js";
import type { Relay } from "../relay/relay.js";
import type { RelayEnd, RelayPort } from "../relay/relay-session.js";
import { nodeLeft, nodeLost } from "../relay/session-errors.js";
import type { FlushQueue } from "./flush-queue.js";
import { PacketWriter } from "./packet-writer.js";
import {
	brokenPackets,
	closeCodeFor,
	controlTooLarge,
	silentNode,
	silentPeer,
	slowReader,
	textMessage,
	tooManyControls,
} from "./socket-errors.js";

/** How long a peer has to answer our close before its connection is cut, ms. */
const CLOSE_TIMEOUT_MS = 1_000;

/** What a socket does with its control messages; changes when the peer is welcomed. */
export interface SocketRole {
	/** Takes one message. An error thrown closes the socket with its code. */
	message(message: ControlMessage): void;
	/** The socket is gone. Said once. */
	closed(): void;
}

export interface PeerSocketOptions {
	readonly id: string;
	readonly socket: WebSocket;
	/** What it runs over. */
	readonly stream: Duplex;
	readonly relay: Relay;
	readonly traffic: Traffic;
	readonly flushQueue: FlushQueue;
	readonly clock: Clock;
	readonly limits: GatewayLimits;
	/** Who takes control messages at first. */
	readonly role: (socket: PeerSocket) => SocketRole;
	/** The socket is closed and all that hung on it is tidied up. Said once. */
	readonly onClosed: (error: EasyRemoteError | undefined) => void;
}

/** A peer's WebSocket as the gateway uses it: packets in and out, control messages to its role, sessions to the relay. */
export class PeerSocket implements RelayPort {
	readonly id: string;
	readonly ends = new Map<number, RelayEnd>();
	readonly #options: PeerSocketOptions;
	readonly #writer: PacketWriter;
	readonly #forwarder: PacketForwarder;
	readonly #encoder: ControlEncoder;
	readonly #controls: TokenBucket;
	#role: SocketRole;
	#nextSession = 2;
	#missedPings = 0;
	#closed = false;
	#cancelTermination: CancelTimer | undefined;

	constructor(options: PeerSocketOptions) {
		const { socket, relay, traffic, clock, limits } = options;
		this.id = options.id;
		this.#options = options;
		this.#encoder = new ControlEncoder(() => clock.now());
		this.#controls = new TokenBucket(
			{ burst: limits.controlBurst, perSecond: limits.controlsPerSecond },
			clock,
		);
		this.#writer = new PacketWriter({
			transport: {
				send: wholeSender(socket, options.stream, false),
			},
			flushQueue: options.flushQueue,
			clock,
			marks: limits,
			relieved: () => relay.relieved(this),
			hopeless: () => this.#tooSlow(),
		});
		this.#forwarder = new PacketForwarder(this, traffic, {
			control: (body) => this.#control(body),
			excess: (end) => relay.exceeded(end),
		});
		this.#role = options.role(this);
		// What went wrong, `close` tells; without a listener an error would end the process.
		socket.on("error", () => undefined);
		socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
		socket.on("pong", () => {
			this.#missedPings = 0;
		});
		socket.on("close", () => this.#onClose());
	}

	get congested(): boolean {
		return this.#writer.congested;
	}

	/** Whether it is closed or about to be. */
	get closed(): boolean {
		return this.#closed;
	}

	/** From here on `role` takes the control messages. */
	become(role: SocketRole): void {
		this.#role = role;
		if (this.#closed) role.closed();
	}

	forward(packets: Uint8Array): void {
		this.#writer.write(packets);
	}

	tell<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): void {
		if (!this.#closed) this.#writer.write(this.#pack(type, payload, replyTo));
	}

	tellPause(session: number, paused: boolean): void {
		if (this.#closed) return;
		this.#writer.writeUrgent(
			this.#pack("session_pause", { session, paused }, undefined),
		);
	}

	/** Answers a heartbeat, ahead of bulk data that would make the round trip look long; with ICE servers that are new. */
	acknowledgeHeartbeat(
		replyTo: number,
		iceServers: IceServer[] | undefined,
	): void {
		if (this.#closed) return;
		const news = iceServers ? { iceServers } : {};
		this.#writer.writeUrgent(this.#pack("heartbeat_ack", news, replyTo));
	}

	/** Tells the peer that something could not be done; the connection stays. */
	refuse(error: unknown, replyTo: number | undefined): void {
		const { code, message, hint, details, retryable } = toWireError(error);
		this.tell("error", { code, message, hint, details, retryable }, replyTo);
	}

	nextSession(): number {
		const session = this.#nextSession;
		this.#nextSession += 2;
		return session;
	}

	/** Sends what waits, says why, and closes. Without an error the gateway just leaves. */
	close(error?: EasyRemoteError, replyTo?: number): void {
		if (this.#closed) return;
		if (error) this.refuse(error, replyTo);
		this.#writer.finish();
		this.#shut(error);
	}

	/** Gives up a node that has sent no heartbeat for too long: its callers are told at once. */
	giveUp(): void {
		if (!this.#closed) this.#shut(silentNode(), nodeLost());
	}

	/** The node is gone, as it said itself by other means: its callers are told at once. */
	leave(): void {
		if (!this.#closed) this.#shut(undefined, nodeLeft());
	}

	/** Asks for a sign of life, or gives up one that has not answered. Called every ping interval. */
	ping(): void {
		if (this.#closed) return;
		if (this.#missedPings >= this.#options.limits.maxMissedPings) {
			this.#shut(silentPeer());
			this.#options.socket.terminate();
			return;
		}
		this.#missedPings += 1;
		this.#options.socket.ping();
	}

	/** Gives up a peer that takes nothing. Called about once a second. */
	checkProgress(): void {
		const { stalledTimeoutMs } = this.#options.limits;
		if (!this.#closed && this.#writer.stalledMs() >= stalledTimeoutMs)
			this.#tooSlow();
	}

	#receive(data: RawData, isBinary: boolean): void {
		if (this.#closed) return;
		this.#missedPings = 0;
		if (!isBinary || !(data instanceof Uint8Array)) {
			this.#breach(textMessage());
			return;
		}
		if (!this.#forwarder.forward(data)) this.#breach(brokenPackets());
	}

	#control(body: Uint8Array): void {
		if (this.#closed) return;
		try {
			const { maxControlBytes } = this.#options.limits;
			if (body.length > maxControlBytes)
				throw controlTooLarge(body.length, maxControlBytes);
			if (!this.#controls.take()) throw tooManyControls();
			this.#role.message(decodeControl(body));
		} catch (error) {
			this.#breach(toEasyRemoteError(error));
		}
	}

	#breach(error: EasyRemoteError): void {
		this.#options.traffic.breaches += 1;
		this.close(error);
	}

	#tooSlow(): void {
		if (this.#closed) return;
		this.#options.traffic.slowClosed += 1;
		// What waits for it is thrown away: it is what there is too much of.
		this.#writer.discard();
		this.#shut(slowReader());
	}

	#shut(error: EasyRemoteError | undefined, final?: EasyRemoteError): void {
		this.#closed = true;
		this.#writer.discard();
		const { socket, relay, clock, onClosed } = this.#options;
		const code = error ? closeCodeFor(error, closeCodeOf) : CLOSE_CODES.normal;
		socket.close(code, closeReasonOf(error));
		this.#cancelTermination = clock.schedule(CLOSE_TIMEOUT_MS, () =>
			socket.terminate(),
		);
		relay.detach(this, final);
		this.#role.closed();
		onClosed(error);
	}

	#onClose(): void {
		this.#cancelTermination?.();
		if (this.#closed) return;
		this.#closed = true;
		this.#writer.discard();
		const { relay, onClosed } = this.#options;
		relay.detach(this);
		this.#role.closed();
		onClosed(undefined);
	}

	#pack<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo: number | undefined,
	): Uint8Array {
		const { body } = this.#encoder.encode(type, payload, replyTo);
		return joinPackets([{ session: CONTROL_SESSION, body }]);
	}
}
