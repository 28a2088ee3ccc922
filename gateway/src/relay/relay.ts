import {
	type EasyRemoteError,
	toEasyRemoteError,
	toWireError,
} from "@easyremote/shared/errors";
import {
	type CallerIdentity,
	rewriteSession,
} from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import { countRefusal, type Traffic } from "../observe/traffic.js";
import type { Registry } from "../registry/registry.js";
import { LocalPort, type LocalRelay } from "./local-port.js";
import {
	type RelayEnd,
	type RelayLimits,
	type RelayPort,
	RelaySession,
	type SessionRequest,
} from "./relay-session.js";
import {
	foreignSession,
	pathReplaced,
	peerLost,
	tooMuchSent,
} from "./session-errors.js";

export interface RelayOptions {
	readonly registry: Registry;
	readonly traffic: Traffic;
	readonly clock: Clock;
	readonly log: Logger;
	readonly limits: RelayLimits;
}

/** One session as the report shows it. */
export interface SessionReport {
	readonly nodeId: string;
	/** Subject of whoever opened it. */
	readonly subject: string;
	readonly state: RelaySession["state"];
	readonly openedAtMs: number;
	/** Bytes relayed from the opener to the node, and back. */
	readonly bytesUp: number;
	readonly bytesDown: number;
	readonly packetsUp: number;
	readonly packetsDown: number;
}

/** Opens and closes relayed sessions between ports. What flows in them is the `PacketForwarder`'s. */
export class Relay {
	readonly #options: RelayOptions;
	readonly #ports = new Map<string, RelayPort>();
	/** Sessions not closed, by session id. */
	readonly #sessions = new Map<string, RelaySession>();

	constructor(options: RelayOptions) {
		this.#options = options;
	}

	/** Sessions not closed. */
	get size(): number {
		return this.#sessions.size;
	}

	/** Makes a node's connection findable. */
	attach(port: RelayPort): void {
		this.#ports.set(port.id, port);
	}

	/**
	 * The port is gone: the far side of each of its sessions is told.
	 *
	 * @param final why a node is not to be waited for, where it is not
	 */
	detach(port: RelayPort, final?: EasyRemoteError): void {
		this.#ports.delete(port.id);
		for (const end of [...port.ends.values()]) {
			const who = end === end.owner.opener ? "caller" : "node";
			this.close(end, (who === "node" && final) || peerLost(who));
		}
	}

	/**
	 * Opens a session from `port`, where it has the number `session`. The answer comes as `session_opened`
	 * or `session_close`; packets may follow at once and are kept until the node is found.
	 */
	open(
		port: RelayPort,
		session: number,
		request: SessionRequest,
	): RelaySession {
		const { traffic, clock, limits } = this.#options;
		traffic.sessionsOpened += 1;
		const former = this.#sessions.get(request.sessionId);
		const opened = new RelaySession(request, port, session, {
			openedAtMs: clock.now(),
			limits,
		});
		port.ends.set(session, opened.opener);
		if (former && former.request.principal.id !== request.principal.id) {
			this.#refuse(opened, foreignSession());
			return opened;
		}
		if (former) this.#replace(former);
		this.#sessions.set(request.sessionId, opened);
		void this.#admit(opened);
		return opened;
	}

	/** Opens a session from within this process: the way of the REST door. */
	openLocal(request: Omit<SessionRequest, "direct" | "replyTo">): LocalRelay {
		const port = new LocalPort({
			traffic: this.#options.traffic,
			excess: (end) => this.exceeded(end),
			close: (end, error) => this.close(end, error),
		});
		this.open(port, port.session, { ...request, direct: false, via: "rest" });
		return port.relay;
	}

	/** The node has answered: it knows the session. */
	answered(end: RelayEnd, direct: boolean): void {
		const { owner } = end;
		if (end !== owner.node || owner.state !== "opening") return;
		owner.state = "open";
		const { port, session } = owner.opener;
		port.tell(
			"session_opened",
			{ session, direct: direct && owner.request.direct },
			owner.request.replyTo,
		);
	}

	/** One side has closed the session: the other is told, with `error` if there is one. */
	close(end: RelayEnd, error?: EasyRemoteError): void {
		const { owner } = end;
		if (owner.state === "closed") return;
		const other = owner.other(end);
		const replyTo = this.#answerDue(owner);
		this.#forget(owner, error);
		if (other) this.#tellClosed(other, error, replyTo);
	}

	/** A source has sent more than it may: the session is over, nothing else is touched. */
	exceeded(end: RelayEnd): void {
		const { owner } = end;
		if (owner.state === "closed") return;
		this.#forget(owner, tooMuchSent());
		this.#tellClosed(owner.opener, tooMuchSent(), undefined);
		if (owner.node) this.#tellClosed(owner.node, tooMuchSent(), undefined);
	}

	/** The port takes more again: those asked to stop on its account may go on. */
	relieved(port: RelayPort): void {
		for (const end of port.ends.values()) if (end.far?.paused) end.far.resume();
	}

	/** What there is now. */
	report(): readonly SessionReport[] {
		return [...this.#sessions.values()].map((each) => ({
			nodeId: each.request.nodeId,
			subject: each.request.principal.subject,
			state: each.state,
			openedAtMs: each.openedAtMs,
			bytesUp: each.opener.bytes,
			bytesDown: each.node?.bytes ?? 0,
			packetsUp: each.opener.packets,
			packetsDown: each.node?.packets ?? 0,
		}));
	}

	/** Asks the registry, then the node. Everything that goes wrong is an answer to the opener. */
	async #admit(session: RelaySession): Promise<void> {
		const { nodeId, principal } = session.request;
		try {
			const { connectionId } = await this.#options.registry.admit(
				nodeId,
				principal,
			);
			if (session.state === "closed") return;
			const port = this.#ports.get(connectionId);
			if (!port) throw peerLost("node");
			this.#connect(session, port);
		} catch (error) {
			const known = toEasyRemoteError(error);
			if (known.code === "INTERNAL")
				this.#options.log.error(
					{ err: error, node: nodeId },
					"a session could not be opened",
				);
			if (session.state !== "closed") this.#refuse(session, known);
		}
	}

	#connect(session: RelaySession, port: RelayPort): void {
		const { sessionId, nodeId, direct } = session.request;
		this.#options.log.debug(described(session), "session opened");
		const held = session.opener.takeHeld();
		const node = session.join(port);
		port.ends.set(node.session, node);
		port.tell("session_open", {
			session: node.session,
			sessionId,
			nodeId,
			direct,
			caller: callerIdentity(session.request),
		});
		for (const packet of held) {
			rewriteSession(packet, 0, node.session);
			port.forward(packet);
		}
	}

	#refuse(session: RelaySession, error: EasyRemoteError): void {
		this.#options.traffic.sessionsRefused += 1;
		countRefusal(this.#options.traffic, "session", error);
		const { node: nodeId, ...who } = described(session);
		// Of a node that nobody knows not even its name: who knows what was mistaken for one.
		const node = error.code === "NOT_FOUND" ? undefined : nodeId;
		this.#options.log.info(
			{ ...who, node, code: error.code },
			"session refused",
		);
		const replyTo = this.#answerDue(session);
		this.#forget(session);
		this.#tellClosed(session.opener, error, replyTo);
	}

	/** A client that lost its path, or wants another kind, opened the same session again. */
	#replace(session: RelaySession): void {
		this.#forget(session, pathReplaced());
		this.#tellClosed(session.opener, pathReplaced(), undefined);
		if (session.node) this.#tellClosed(session.node, pathReplaced(), undefined);
	}

	/** The message that a close would answer: `session_open`, while it has no other answer. */
	#answerDue(session: RelaySession): number | undefined {
		return session.state === "opening" ? session.request.replyTo : undefined;
	}

	#tellClosed(
		end: RelayEnd,
		error: EasyRemoteError | undefined,
		replyTo: number | undefined,
	): void {
		end.port.tell(
			"session_close",
			{
				session: end.session,
				...(error === undefined ? {} : { error: toWireError(error) }),
			},
			end === end.owner.opener ? replyTo : undefined,
		);
	}

	#logEnd(session: RelaySession, reason: EasyRemoteError | undefined): void {
		const { clock, log } = this.#options;
		log.debug(
			{
				...described(session),
				ms: clock.now() - session.openedAtMs,
				bytesUp: session.opener.bytes,
				bytesDown: session.node?.bytes ?? 0,
				code: reason?.code,
			},
			"session closed",
		);
	}

	#forget(session: RelaySession, reason?: EasyRemoteError): void {
		if (session.node) this.#logEnd(session, reason);
		session.state = "closed";
		const { sessionId } = session.request;
		if (this.#sessions.get(sessionId) === session)
			this.#sessions.delete(sessionId);
		session.opener.takeHeld();
		for (const end of [session.opener, session.node])
			end?.port.ends.delete(end.session);
	}
}

/** A session as logs show it: not by its id, which is a secret between its ends. */
function described({ request, opener }: RelaySession) {
	const { nodeId: node, principal, via, direct } = request;
	const { id: connection } = opener.port;
	return { node, subject: principal.subject, connection, via, direct };
}

/** What nodes learn of a caller: not when its credential ends. */
function callerIdentity(request: SessionRequest): CallerIdentity {
	const { principal, quota, via } = request;
	const { id, subject, anonymous, grants } = principal;
	return { id, subject, anonymous, grants, quota, via };
}
