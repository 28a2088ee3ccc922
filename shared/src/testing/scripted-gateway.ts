import type { Channel } from "../channel/channel.js";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { PacketMux } from "../channel/packet-mux.js";
import type { RelayChannel } from "../channel/relay-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toWireError } from "../errors/error-wire.js";
import { ControlEncoder } from "../protocol/control-codec.js";
import { decodeControl } from "../protocol/decode-control.js";
import type {
	ControlMessage,
	ControlMessageOf,
	ControlPayload,
	ControlType,
	RouteQuery,
} from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import type { Clock } from "../time/clock.js";
import type { ScriptedNode } from "./scripted-node.js";

/** A gateway's door for clients in memory, with scripted nodes behind it. */
export class ScriptedGateway {
	readonly nodes: readonly ScriptedNode[];
	/** Everything clients said on the control plane. */
	readonly heard: ControlMessage[] = [];
	/** Nobody answers the door. */
	down = false;
	/** Answers `hello`, where set. */
	refusal: EasyRemoteError | undefined;
	strategy = "round_robin";
	readonly #clock: Clock;
	readonly #clients = new Set<ScriptedDoor>();

	constructor(nodes: readonly ScriptedNode[], clock: Clock) {
		this.nodes = nodes;
		this.#clock = clock;
	}

	/** Dials it: the client's end of the socket. */
	readonly openSocket = (): Promise<Channel> => {
		if (this.down) {
			return Promise.reject(
				new EasyRemoteError("UNAVAILABLE", "connection refused"),
			);
		}
		const [near, far] = memoryChannelPair({ maxMessageBytes: 1024 * 1024 });
		const door = new ScriptedDoor(far, this, this.#clock, () =>
			this.#clients.delete(door),
		);
		this.#clients.add(door);
		return Promise.resolve(near);
	};

	/** Says something to every client. */
	broadcast<T extends ControlType>(type: T, payload: ControlPayload<T>): void {
		for (const door of this.#clients) door.send(type, payload);
	}

	/** Cuts every client's socket. */
	cut(): void {
		for (const door of [...this.#clients]) door.close();
	}

	/** The answer to a route query. */
	providers(query: RouteQuery): Provider[] {
		return this.nodes
			.filter(({ id }) => query.node === undefined || query.node === id)
			.map((node) => node.provider())
			.filter(
				({ functions }) =>
					query.function === undefined ||
					functions.some(({ name }) => name === query.function),
			);
	}
}

/** One client's socket, at the gateway's side. */
class ScriptedDoor {
	readonly #gateway: ScriptedGateway;
	readonly #clock: Clock;
	readonly #mux: PacketMux;
	readonly #encoder: ControlEncoder;
	readonly #relays = new Map<number, RelayChannel>();

	constructor(
		channel: Channel,
		gateway: ScriptedGateway,
		clock: Clock,
		closed: () => void,
	) {
		this.#gateway = gateway;
		this.#clock = clock;
		this.#encoder = new ControlEncoder(() => clock.now());
		this.#mux = new PacketMux(channel, {
			control: (body) => this.#take(decodeControl(body)),
			closed,
			unknownSession: () => undefined,
		});
	}

	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): void {
		this.#mux.sendControl(this.#encoder.encode(type, payload, replyTo).body);
	}

	close(): void {
		this.#mux.close(new EasyRemoteError("UNAVAILABLE", "the gateway is gone"));
	}

	#take(message: ControlMessage): void {
		this.#gateway.heard.push(message);
		const { messageId } = message;
		switch (message.type) {
			case "hello":
				this.#greet(messageId);
				return;
			case "route": {
				const { query } = message.payload;
				this.send("route_update", this.#route(query), messageId);
				return;
			}
			case "list":
				this.send("listing", { items: this.#gateway.providers({}) }, messageId);
				return;
			case "session_open":
				this.#open(message);
				return;
			case "session_close":
				this.#relays.get(message.payload.session)?.finish(undefined);
				return;
			case "heartbeat":
				this.send("heartbeat_ack", {}, messageId);
				return;
			default:
		}
	}

	#greet(messageId: number): void {
		const { refusal } = this.#gateway;
		if (refusal) {
			const { code, message } = refusal;
			this.send("error", { code, message }, messageId);
			return;
		}
		this.send(
			"welcome",
			{
				connectionId: "c1",
				principal: { id: "p1", subject: "test", anonymous: false, grants: [] },
				gatewayId: "g1",
				heartbeatIntervalMs: 15_000,
				iceServers: [],
				maxMessageBytes: 1024 * 1024,
			},
			messageId,
		);
	}

	#route(query: RouteQuery): ControlPayload<"route_update"> {
		const providers = this.#gateway.providers(query);
		const { strategy } = this.#gateway;
		if (providers.length > 0) return { query, providers, strategy };
		const error = new EasyRemoteError("NOT_FOUND", "nobody offers it");
		return { query, providers, strategy, error: toWireError(error) };
	}

	#open(message: ControlMessageOf<"session_open">): void {
		const { session, sessionId, nodeId, direct } = message.payload;
		const node = this.#gateway.nodes.find(({ id }) => id === nodeId);
		const refusal = node
			? node.refusal
			: new EasyRemoteError("NOT_FOUND", `no node "${nodeId}"`);
		node?.opens.push({ sessionId, nodeId, direct });
		if (!node || refusal) {
			const error = refusal && toWireError(refusal);
			this.send("session_close", { session, error }, message.messageId);
			return;
		}
		const relay = this.#mux.openRelay(session);
		this.#relays.set(session, relay);
		node.channels.push(relay);
		node.session(sessionId, this.#clock).addPath("relay", relay);
		const accepted = direct && node.acceptsDirect;
		this.send(
			"session_opened",
			{ session, direct: accepted },
			message.messageId,
		);
	}
}
