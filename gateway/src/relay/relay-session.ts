import type {
	CallerIdentity,
	ControlPayload,
	ControlType,
} from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";

/** What sessions are attached to: a peer's socket, or somebody in this process. */
export interface RelayPort {
	/** Names the connection; what the registry calls a node's `connectionId`. */
	readonly id: string;
	/** The relay's table: the sessions on this port, by the number they have on it. */
	readonly ends: Map<number, RelayEnd>;
	/** So much waits to be sent here that sources should stop. */
	readonly congested: boolean;
	/** Sends whole packets, already numbered for this port, and takes ownership of them. */
	forward(packets: Uint8Array): void;
	/** Sends a control message to whoever is behind the port, in order with the packets. */
	tell<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): void;
	/** Tells whoever is behind the port to stop or go on; overtakes what waits to be sent. */
	tellPause(session: number, paused: boolean): void;
	/** A number for a session that the gateway opens here: even, never used before. */
	nextSession(): number;
}

/** What one source may send at the wrong time. */
export type RelayLimits = Pick<
	GatewayLimits,
	"maxEarlyBytes" | "maxUnheededBytes"
>;

/** One side of a relayed session: the number it has on its port, and what came in from there. */
export class RelayEnd {
	readonly port: RelayPort;
	readonly session: number;
	readonly owner: RelaySession;
	/** Where packets from here go; undefined until the far side is known. */
	far: RelayEnd | undefined;
	/** Whoever is behind the port was told to stop. */
	paused = false;
	/** Packets that came from here and were passed on. */
	packets = 0;
	/** Their bytes, headers excluded. */
	bytes = 0;
	#bytesWhenPaused = 0;
	#held: Uint8Array[] = [];
	#heldBytes = 0;

	constructor(owner: RelaySession, port: RelayPort, session: number) {
		this.owner = owner;
		this.port = port;
		this.session = session;
	}

	/** Asks whoever sends from here to stop. */
	pause(): void {
		this.paused = true;
		this.#bytesWhenPaused = this.bytes;
		this.port.tellPause(this.session, true);
	}

	/** … and to go on. */
	resume(): void {
		this.paused = false;
		this.port.tellPause(this.session, false);
	}

	/** Whether the source goes on as if it had not been asked to stop. */
	get disobeys(): boolean {
		return (
			this.paused &&
			this.bytes - this.#bytesWhenPaused > this.owner.limits.maxUnheededBytes
		);
	}

	/** Keeps a packet until the far side is known; false if that is too much. */
	hold(packet: Uint8Array): boolean {
		this.#heldBytes += packet.length;
		this.#held.push(packet);
		return this.#heldBytes <= this.owner.limits.maxEarlyBytes;
	}

	/** The packets kept, which are forgotten here. */
	takeHeld(): readonly Uint8Array[] {
		const held = this.#held;
		this.#held = [];
		this.#heldBytes = 0;
		return held;
	}
}

/** What somebody asks for who opens a session. */
export interface SessionRequest {
	/** Names the session across reconnects; secret between its two ends and the gateway. */
	readonly sessionId: string;
	readonly nodeId: string;
	/** Whether the opener wants a direct path. */
	readonly direct: boolean;
	readonly principal: Principal;
	/** What the node is to hold its calls to. */
	readonly quota?: CallerIdentity["quota"];
	/** The gateway itself opens it, for callers that came in by HTTP. */
	readonly via?: CallerIdentity["via"];
	/** The `messageId` to answer, where the request came as a message. */
	readonly replyTo?: number | undefined;
}

/** `opening`: the node has not answered yet. */
export type RelaySessionState = "opening" | "open" | "closed";

/** One relayed session as the gateway knows it: who opened it, to which node, and its two ends. */
export class RelaySession {
	readonly request: SessionRequest;
	readonly openedAtMs: number;
	readonly limits: RelayLimits;
	readonly opener: RelayEnd;
	/** The node's side, once the gateway has found the node. */
	node: RelayEnd | undefined;
	state: RelaySessionState = "opening";

	constructor(
		request: SessionRequest,
		port: RelayPort,
		session: number,
		options: {
			/** Wall time, ms since the epoch. */
			readonly openedAtMs: number;
			readonly limits: RelayLimits;
		},
	) {
		this.request = request;
		this.openedAtMs = options.openedAtMs;
		this.limits = options.limits;
		this.opener = new RelayEnd(this, port, session);
	}

	/** Makes the node's side and joins both. */
	join(port: RelayPort): RelayEnd {
		const node = new RelayEnd(this, port, port.nextSession());
		node.far = this.opener;
		this.opener.far = node;
		this.node = node;
		return node;
	}

	/** The side that is not `end`. */
	other(end: RelayEnd): RelayEnd | undefined {
		return end === this.opener ? this.node : this.opener;
	}
}
