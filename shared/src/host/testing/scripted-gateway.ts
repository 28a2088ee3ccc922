import { type Deferred, deferred } from "../../async/deferred.js";
import type { Channel } from "../../channel/channel.js";
import { memoryChannelPair } from "../../channel/memory-channel.js";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { Link, LinkEvents, LinkState } from "../../link/link.js";
import type {
	CallerIdentity,
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../../protocol/control-messages.js";

/** A control message as the node sent it. */
export interface Sent {
	readonly type: ControlType;
	readonly payload: unknown;
	readonly replyTo: number | undefined;
}

interface Asked {
	readonly type: ControlType;
	readonly payload: unknown;
	readonly answer: Deferred<unknown>;
}

/** A link whose gateway does what a test tells it: for tests of what a node does on it. */
export class ScriptedGateway implements Link {
	state: LinkState = "connecting";
	welcome: ControlPayload<"welcome"> | undefined;
	readonly restarting = false;
	readonly latencyMs = undefined;
	/** What the node sent and expects no answer to. */
	readonly sent: Sent[] = [];
	/** Requests of the node that wait for an answer. */
	readonly asked: Asked[] = [];
	/** Whether requests are answered at once, as a gateway does that likes everything. */
	agrees = true;
	#listener: LinkEvents = {};
	#messageId = 0;
	#relays = new Map<
		number,
		{ readonly near: Channel; readonly far: Channel }
	>();

	networkChanged(): void {
		// Nothing that a node does depends on it.
	}

	/** The connection comes up. */
	connect(): void {
		this.#enter("online", undefined);
	}

	/** The connection is lost, with every relay on it. */
	disconnect(): void {
		const error = new EasyRemoteError("UNAVAILABLE", "the connection was lost");
		for (const { near } of this.#relays.values()) near.close(error);
		this.#relays.clear();
		for (const { answer } of this.asked.splice(0)) answer.reject(error);
		this.#enter("waiting", error);
	}

	/** The gateway refuses this node for good. */
	refuse(error: EasyRemoteError): void {
		this.#enter("closed", error);
	}

	/** Tells the node something. */
	tell<T extends ControlType>(type: T, payload: ControlPayload<T>): number {
		this.#messageId += 1;
		this.#listener.control?.({
			type,
			messageId: this.#messageId,
			timestamp: 0,
			payload,
		} as ControlMessage);
		return this.#messageId;
	}

	/** A client opens a session; the answer is its end of the relay. */
	openSession(
		session: number,
		options: {
			readonly sessionId?: string;
			readonly caller: CallerIdentity | undefined;
			readonly direct?: boolean;
		},
	): Channel {
		const [near, far] = memoryChannelPair();
		this.#relays.set(session, { near, far });
		this.tell("session_open", {
			session,
			sessionId: options.sessionId ?? `session_${session}`,
			nodeId: "calc",
			direct: options.direct ?? false,
			caller: options.caller,
		});
		return far;
	}

	/** What the node sent of one type. */
	payloads(type: ControlType): unknown[] {
		return this.sent
			.filter((each) => each.type === type)
			.map(({ payload }) => payload);
	}

	whenOnline(): Promise<ControlPayload<"welcome">> {
		return Promise.reject(new EasyRemoteError("UNIMPLEMENTED", "not scripted"));
	}

	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): boolean {
		if (this.state !== "online") return false;
		this.sent.push({ type, payload, replyTo });
		return true;
	}

	request<T extends ControlType, R extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		_answer: R,
	): Promise<ControlPayload<R>> {
		const answer = deferred<unknown>();
		if (this.agrees) {
			this.sent.push({ type, payload, replyTo: undefined });
			answer.resolve({});
		} else this.asked.push({ type, payload, answer });
		return answer.promise as Promise<ControlPayload<R>>;
	}

	nextSession(): number {
		return 1;
	}

	openRelay(session: number): Channel {
		const relay = this.#relays.get(session);
		if (!relay) throw new Error(`no relay ${session}`);
		return relay.near;
	}

	listen(events: LinkEvents): () => void {
		this.#listener = events;
		return () => {
			this.#listener = {};
		};
	}

	close(): Promise<void> {
		this.#enter("closed", undefined);
		return Promise.resolve();
	}

	#enter(state: LinkState, error: EasyRemoteError | undefined): void {
		this.state = state;
		this.#listener.state?.(state, error);
	}
}
