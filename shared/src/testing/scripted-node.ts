import type { Channel } from "../channel/channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionDescriptor, Provider } from "../protocol/provider.js";
import { Session } from "../session/session.js";
import type { Clock } from "../time/clock.js";
import type { OpenRequest } from "../caller/session-opener.js";
import { type Script, ScriptedCall } from "./scripted-call.js";

/** A node of a test: sessions that outlive their paths, functions that do as scripted. */
export class ScriptedNode {
	readonly id: string;
	readonly scripts = new Map<string, Script>();
	readonly descriptors = new Map<string, FunctionDescriptor>();
	readonly calls: ScriptedCall[] = [];
	readonly opens: OpenRequest[] = [];
	/** Answers the next openings of a session with this. */
	refusal: EasyRemoteError | undefined;
	/** Far ends of the relay paths in use. */
	readonly channels: Channel[] = [];
	readonly sessions = new Map<string, Session>();
	acceptsDirect = false;
	/** Set, it is a donor: what routes say of one. */
	donor: Provider["donor"];
	engine: string | undefined;
	/** What it says it runs at once. */
	readonly #slots: number;

	constructor(id: string, slots = 1_000) {
		this.id = id;
		this.#slots = slots;
	}

	/** Offers a function. */
	on(
		name: string,
		script: Script,
		options: Partial<FunctionDescriptor> = {},
	): this {
		this.scripts.set(name, script);
		this.descriptors.set(name, {
			name,
			public: true,
			authRequired: false,
			idempotent: false,
			stream: false,
			...options,
		});
		return this;
	}

	/** Cuts every relay path, as when a socket dies; `reason` is what the gateway says of it. */
	cut(reason = "peer_lost"): void {
		const error = new EasyRemoteError("UNAVAILABLE", "peer lost", {
			details: { reason },
		});
		for (const channel of this.channels.splice(0)) channel.close(error);
	}

	session(id: string, clock: Clock): Session {
		let session = this.sessions.get(id);
		if (!session || session.closed) {
			session = new Session({
				id,
				opener: false,
				strandedTimeoutMs: 30_000,
				clock,
				accept: (end) => {
					const call = new ScriptedCall(end, this.scripts);
					this.calls.push(call);
					return call;
				},
			});
			this.sessions.set(id, session);
		}
		return session;
	}

	provider(): Provider {
		return {
			nodeId: this.id,
			kind: this.donor ? "donor" : "compute",
			donor: this.donor,
			engine: this.engine,
			state: "online",
			tags: [],
			direct: this.acceptsDirect,
			load: { running: 0, queued: 0, maxConcurrent: this.#slots },
			functions: [...this.descriptors.values()],
		};
	}
}
