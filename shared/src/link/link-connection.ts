import type { Channel } from "../channel/channel.js";
import { PacketMux } from "../channel/packet-mux.js";
import type { RelayChannel } from "../channel/relay-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError, toEasyRemoteError } from "../errors/error-wire.js";
import { PROTOCOL } from "../protocol/constants.js";
import {
	ControlEncoder,
	decodeFromGateway,
} from "../protocol/control-codec.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../protocol/control-messages.js";
import type { Clock } from "../time/clock.js";
import { Heartbeat } from "./heartbeat.js";
import type { LinkOptions } from "./link-options.js";
import { LoadWatch } from "./load-watch.js";
import { isFinalAnswer, isFinalClose } from "./refusal.js";
import { RequestTable } from "./request-table.js";

/** How long the gateway has to answer where it may be out of reach, ms: less than a user waits, more than a busy line takes. */
const PROBE_MS = 4_000;

/** What one connection tells the link. Nothing after `ended`. */
export interface ConnectionEvents {
	welcomed(welcome: ControlPayload<"welcome">): void;
	/** ICE servers in place of those in `welcome`. */
	iceServers(servers: ControlPayload<"welcome">["iceServers"]): void;
	/** A control message that no request waited for, `goaway` included. */
	control(message: ControlMessage): void;
	/** It is over; `final` when the gateway itself said that there is no use in trying again. */
	ended(error: EasyRemoteError, final: boolean): void;
}

export interface ConnectionOptions {
	readonly hello: ControlPayload<"hello">;
	readonly load: LinkOptions["load"];
	readonly news: LinkOptions["news"];
	/** Longest pause between heartbeats, ms, whatever the gateway asks for. */
	readonly heartbeatIntervalMs: number;
	readonly clock: Clock;
	readonly events: ConnectionEvents;
}

/** One connection to the gateway, from `hello` to its end. */
export class LinkConnection {
	readonly #mux: PacketMux;
	readonly #encoder: ControlEncoder;
	readonly #requests = new RequestTable();
	readonly #options: ConnectionOptions;
	readonly #relays = new Map<number, RelayChannel>();
	readonly #helloId: number;
	#heartbeat: Heartbeat | undefined;
	#loadWatch: LoadWatch | undefined;
	#nextSession = 1;
	#ended = false;

	constructor(channel: Channel, options: ConnectionOptions) {
		this.#options = options;
		this.#encoder = new ControlEncoder(() => options.clock.now());
		this.#mux = new PacketMux(channel, {
			control: (body) => this.#receive(body),
			closed: (error) => this.#closed(error),
			// Packets still under way to a session that this side has left.
			unknownSession: () => undefined,
		});
		this.#helloId = this.send("hello", options.hello);
	}

	get latencyMs(): number | undefined {
		return this.#heartbeat?.latencyMs;
	}

	/** Answers the `messageId` of what was sent. */
	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): number {
		const { messageId, body } = this.#encoder.encode(type, payload, replyTo);
		this.#mux.sendControl(body);
		if (type === "session_close")
			this.#relays.delete((payload as ControlPayload<"session_close">).session);
		return messageId;
	}

	/** See `Link.request`; `messageId` is for `abandon`. */
	request<T extends ControlType, R extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		answer: R,
	): {
		readonly messageId: number;
		readonly answered: Promise<ControlPayload<R>>;
	} {
		const messageId = this.send(type, payload);
		return { messageId, answered: this.#requests.expect(messageId, answer) };
	}

	/** Stops waiting for an answer: its promise rejects with `error`. */
	abandon(messageId: number, error: unknown): void {
		this.#requests.forget(messageId, error);
	}

	/** Asks the gateway for a sign of life, and gives the connection up without one. */
	probe(): void {
		this.#heartbeat?.probe(PROBE_MS, () => this.close(gatewayGone()));
	}

	nextSession(): number {
		const session = this.#nextSession;
		this.#nextSession += 2;
		return session;
	}

	openRelay(session: number): RelayChannel {
		const relay = this.#mux.openRelay(session);
		this.#relays.set(session, relay);
		return relay;
	}

	/** Ends it on purpose (without `error`) or because of the far end; messages sent go out first where possible. */
	close(error?: EasyRemoteError): void {
		this.#mux.close(error);
		this.#finish(error ?? connectionClosed(), false);
	}

	#receive(body: Uint8Array): void {
		if (this.#ended) return;
		let message: ControlMessage;
		try {
			message = decodeFromGateway(body);
		} catch (error) {
			this.close(toEasyRemoteError(error));
			return;
		}
		this.#heartbeat?.heard();
		if (this.#requests.answered(message)) {
			// What ends a session concerns the session even where it answers a request.
			if (message.type !== "session_close") return;
		}
		this.#take(message);
	}

	#take(message: ControlMessage): void {
		switch (message.type) {
			case "welcome":
				this.#welcomed(message.payload);
				return;
			case "heartbeat_ack":
				this.#heartbeat?.answered(message.replyTo);
				if (message.payload.iceServers)
					this.#options.events.iceServers(message.payload.iceServers);
				return;
			case "goaway":
				this.#heartbeat?.hurry(PROTOCOL.drainHeartbeatIntervalMs);
				break;
			case "session_pause":
				this.#relays
					.get(message.payload.session)
					?.setPaused(message.payload.paused);
				return;
			case "session_close": {
				const { session, error } = message.payload;
				this.#relays.get(session)?.finish(error && fromWireError(error));
				this.#relays.delete(session);
				break;
			}
			case "error":
				if (message.replyTo === this.#helloId) {
					const error = fromWireError(message.payload);
					this.#finish(error, isFinalAnswer(error));
					this.#mux.close();
					return;
				}
				break;
			default:
		}
		this.#options.events.control(message);
	}

	#welcomed(welcome: ControlPayload<"welcome">): void {
		const { clock, load, news, events, heartbeatIntervalMs } = this.#options;
		if (this.#heartbeat) return;
		this.#heartbeat = new Heartbeat({
			clock,
			intervalMs: Math.min(welcome.heartbeatIntervalMs, heartbeatIntervalMs),
			send: () => {
				const now = load?.();
				this.#loadWatch?.told(now);
				return this.send("heartbeat", {
					...news?.(),
					...(now && { load: now }),
					...this.#latency(),
				});
			},
			silent: () => this.close(gatewaySilent()),
		});
		events.welcomed(welcome);
		if (this.#ended) return;
		// Clients have no load to tell.
		if (load)
			this.#loadWatch = new LoadWatch({
				clock,
				load,
				changed: () => this.#heartbeat?.beatNow(),
			});
		this.#heartbeat.start();
	}

	#latency(): { readonly latencyMs?: number } {
		const { latencyMs } = this;
		return latencyMs === undefined ? {} : { latencyMs };
	}

	#closed(error: EasyRemoteError | undefined): void {
		this.#finish(
			error ?? connectionClosed(),
			error !== undefined && isFinalClose(error),
		);
	}

	#finish(error: EasyRemoteError, final: boolean): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#heartbeat?.stop();
		this.#loadWatch?.stop();
		this.#requests.failAll(connectionLost(error));
		this.#options.events.ended(error, final);
	}
}

function connectionClosed(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the connection to the gateway was closed",
	);
}

function gatewaySilent(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the gateway has not answered two heartbeats, so the connection was given up",
	);
}

function gatewayGone(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the gateway has not answered since this machine's addresses changed, so the connection was given up",
	);
}

function connectionLost(cause: EasyRemoteError): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the connection to the gateway was lost before it answered: ${cause.message}`,
		{ cause },
	);
}
