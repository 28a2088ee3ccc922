import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	fromWireError,
	toEasyRemoteError,
	toWireError,
} from "../errors/error-wire.js";
import type { Link } from "../link/link.js";
import { DirectUpgrade } from "../peer/direct-upgrade.js";
import type { PeerConnector } from "../peer/peer-connector.js";
import type {
	CallerIdentity,
	ControlMessage,
	ControlMessageOf,
	ControlPayload,
} from "../protocol/control-messages.js";
import { PROTOCOL } from "../protocol/constants.js";
import { isPathLoss } from "../protocol/path-loss.js";
import type { PathCounts } from "../protocol/provider.js";
import type { SessionLimits } from "../session/session-types.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Host } from "./host.js";
import { HostedSession } from "./hosted-session.js";
import { PeerSlots } from "./peer-slots.js";

/** Peer connections that a node holds at once: each costs file descriptors and threads. */
export const MAX_PEER_CONNECTIONS = 64;

/** How direct paths are made. */
export interface DirectOptions {
	readonly connector: PeerConnector;
	/** Peer connections held at once; idle sessions give theirs up for new ones, the longest unused first. */
	readonly maxConnections?: number | undefined;
	/** "relay" keeps the node's addresses from its callers ("all"). */
	readonly iceTransportPolicy?: "all" | "relay" | undefined;
}

export interface HostedSessionsOptions {
	readonly link: Link;
	readonly host: Host;
	readonly clock: Clock;
	readonly direct: DirectOptions | undefined;
	readonly limits: Partial<SessionLimits> | undefined;
}

/** The sessions of a node: by their ids, which last, and by their numbers on the present connection. */
export class HostedSessions {
	readonly #options: HostedSessionsOptions;
	readonly #byId = new Map<string, HostedSession>();
	readonly #byNumber = new Map<number, HostedSession>();
	readonly #slots: PeerSlots | undefined;
	#cancelSweep: CancelTimer | undefined;
	#draining = false;
	/** Why the latest attempt at a direct path failed. */
	#reason: string | undefined;

	constructor(options: HostedSessionsOptions) {
		this.#options = options;
		const { direct } = options;
		this.#slots = direct && new PeerSlots(direct.connector, mostOf(direct));
	}

	get size(): number {
		return this.#byId.size;
	}

	/** Which paths they are on, and why not all of them are direct. */
	get paths(): PathCounts {
		const all = [...this.#byId.values()];
		const direct = all.filter((hosted) => hosted.isDirect).length;
		const relay = all.length - direct;
		const explain = relay > 0 && this.#reason !== undefined;
		return { direct, relay, ...(explain ? { reason: this.#reason } : {}) };
	}

	/** Whether no call is open on any of them, answers not yet taken included. */
	get idle(): boolean {
		for (const hosted of this.#byId.values()) if (!hosted.idle) return false;
		return true;
	}

	/** Takes the control messages that are about sessions, and leaves the others alone. */
	control(message: ControlMessage): void {
		switch (message.type) {
			case "session_open":
				this.#open(message);
				return;
			case "session_close":
				this.#closedByPeer(message.payload);
				return;
			case "signal":
				this.#signal(message.payload);
				return;
			default:
				return;
		}
	}

	/** The connection, and with it every number on it, is gone. Relay channels have closed by themselves. */
	connectionLost(): void {
		const lost = [...this.#byNumber.values()];
		this.#byNumber.clear();
		for (const hosted of lost) hosted.detach(undefined);
	}

	/** No new sessions from now on; those there are may come back for their answers. */
	drain(): void {
		this.#draining = true;
	}

	/** Ends all of them; callers are told why. */
	close(error?: EasyRemoteError): void {
		this.#cancelSweep?.();
		this.#cancelSweep = undefined;
		for (const hosted of [...this.#byId.values()]) hosted.close(error);
	}

	#open({ messageId, payload }: ControlMessageOf<"session_open">): void {
		const { link } = this.#options;
		const { session, direct } = payload;
		try {
			this.#bind(payload);
			const accepts = direct && this.#options.direct !== undefined;
			link.send("session_opened", { session, direct: accepts }, messageId);
		} catch (error) {
			link.send(
				"session_close",
				{ session, error: toWireError(toEasyRemoteError(error)) },
				messageId,
			);
		}
	}

	/** Attaches the relay to the session of that id, be it new or found again. */
	#bind(payload: ControlPayload<"session_open">): void {
		const { link, host } = this.#options;
		const { session: number, sessionId, caller } = payload;
		if (!caller) throw unnamedCaller();
		const hosted = this.#byId.get(sessionId) ?? this.#create(sessionId, caller);
		if (!hosted.belongsTo(caller)) throw foreignSession(host.nodeId);
		if (hosted.number !== undefined) this.#byNumber.delete(hosted.number);
		this.#byNumber.set(number, hosted);
		hosted.attach(number, link.openRelay(number), caller);
	}

	#create(sessionId: string, caller: CallerIdentity): HostedSession {
		const { host, clock, limits } = this.#options;
		if (this.#draining) throw draining(host.nodeId);
		const hosted = new HostedSession({
			sessionId,
			caller,
			host,
			clock,
			limits,
			closed: (session) => this.#forget(session),
		});
		this.#byId.set(sessionId, hosted);
		return hosted;
	}

	#closedByPeer({ session, error }: ControlPayload<"session_close">): void {
		const hosted = this.#byNumber.get(session);
		if (!hosted) return;
		this.#byNumber.delete(session);
		const reason = error && fromWireError(error);
		hosted.detach(reason);
		if (!isPathLoss(reason)) hosted.close(reason);
	}

	#forget(hosted: HostedSession): void {
		this.#byId.delete(hosted.id);
		if (hosted.number === undefined) return;
		this.#byNumber.delete(hosted.number);
		this.#options.link.send("session_close", { session: hosted.number });
	}

	/** The far end's offers may come long after it opened the session, when its peer connection has been given back. */
	#signal({ session, attempt, signal }: ControlPayload<"signal">): void {
		const hosted = this.#byNumber.get(session);
		if (!hosted) return;
		// Only an offer makes a peer connection; whatever else comes is about one that is, or was, there.
		const asks = signal.kind === "description" && !hosted.holdsPeer;
		if (!asks || this.#readyForDirect(hosted)) {
			hosted.signal(attempt, signal);
		} else {
			this.#options.link.send("signal", {
				session,
				attempt,
				signal: {
					kind: "failed",
					reason: "the node has no peer connection to spare",
				},
			});
		}
	}

	/** Gets ready for an offer of the far end; false where direct paths are not made, or too many are in use. */
	#readyForDirect(hosted: HostedSession): boolean {
		const { direct, link, clock } = this.#options;
		if (!direct || !this.#slots) return false;
		if (!this.#makeRoom(mostOf(direct))) return false;
		this.#cancelSweep ??= this.#planSweep();
		if (hosted.takesDirect) return true;
		const upgrade: DirectUpgrade = new DirectUpgrade({
			session: hosted.session,
			initiator: false,
			connector: this.#slots,
			iceTransportPolicy: direct.iceTransportPolicy ?? "all",
			iceServers: () => link.welcome?.iceServers ?? [],
			sendSignal: (attempt, signal) => {
				const session = hosted.number;
				if (session !== undefined)
					link.send("signal", { session, attempt, signal });
			},
			onChange: (phase) => {
				// Whoever asked for it is about to use it.
				if (phase === "open") hosted.touch();
				if (phase === "failed") this.#reason = upgrade.ownReason;
			},
			clock,
			// Spreads attempts, which the opener alone begins.
			random: () => 0,
		});
		hosted.takeDirect(upgrade);
		return true;
	}

	/** Whether one more peer connection is within the limit, if need be after taking back one that nobody uses. */
	#makeRoom(most: number): boolean {
		const holders = this.#peerHolders();
		if (holders.length < most) return true;
		// One on its way is wanted by a call that the node does not know yet.
		const unused = holders.filter((each) => each.idle && each.isDirect);
		const [oldest] = unused.sort((a, b) => a.lastUsedAt - b.lastUsedAt);
		oldest?.releasePeer();
		return oldest !== undefined;
	}

	#peerHolders(): HostedSession[] {
		return [...this.#byId.values()].filter((each) => each.holdsPeer);
	}

	/** One timer for all: a connection goes between one and one and a half times the idle time after its last use. */
	#planSweep(): CancelTimer {
		const { clock } = this.#options;
		return clock.schedule(PROTOCOL.sessionIdleMs / 2, () => {
			this.#cancelSweep = undefined;
			for (const hosted of this.#peerHolders()) this.#giveBackUnused(hosted);
			if (this.#peerHolders().length > 0) this.#cancelSweep = this.#planSweep();
		});
	}

	#giveBackUnused(hosted: HostedSession): void {
		const { clock } = this.#options;
		const sinceMs = clock.monotonic() - hosted.lastUsedAt;
		if (!hosted.idle) hosted.touch();
		// Without its relay nothing else would be left of the session.
		else if (sinceMs >= PROTOCOL.sessionIdleMs && hosted.number !== undefined)
			hosted.releasePeer();
	}
}

function mostOf({ maxConnections }: DirectOptions): number {
	return maxConnections ?? MAX_PEER_CONNECTIONS;
}

function unnamedCaller(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the gateway did not say who opens this session",
	);
}

function foreignSession(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		`a session of that id at node "${nodeId}" belongs to somebody else`,
	);
}

function draining(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`node "${nodeId}" is shutting down and takes no more sessions`,
		{ details: { reason: "draining" } },
	);
}
