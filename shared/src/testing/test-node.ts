import { type Deferred, deferred } from "../async/deferred.js";
import { memoryChannelPair } from "../channel/memory-channel.js";
import type { Channel } from "../channel/channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { collectFunctions } from "../functions/collect-functions.js";
import { FunctionTable } from "../host/function-table.js";
import { createHost, type Host } from "../host/host.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import { Session } from "../session/session.js";
import type { Clock } from "../time/clock.js";

/** How long a node keeps a caller's calls without a path, ms: as real nodes do. */
const STRANDED_MS = 30_000;

/** Whoever tests may call everything. */
const TESTER: CallerIdentity = {
	id: "tester",
	subject: "tester",
	anonymous: false,
	grants: ["call:*"],
};

/** A node of a test network: a real host with real sessions, in this process. */
export class TestNode {
	readonly id: string;
	readonly #host: Host;
	readonly #clock: Clock;
	readonly #sessions = new Map<string, Session>();
	readonly #channels = new Set<Channel>();
	#healed: Deferred<void> | undefined;

	/** Serves the functions of a module. */
	constructor(id: string, functions: object, clock: Clock) {
		this.id = id;
		this.#clock = clock;
		const table = new FunctionTable();
		table.add(collectFunctions(functions));
		this.#host = createHost({ nodeId: id, table, clock });
	}

	/** What the route says of it. */
	get provider(): Provider {
		return {
			nodeId: this.id,
			kind: "compute",
			state: "online",
			tags: [],
			direct: false,
			load: this.#host.load,
			functions: [...this.#host.table.describe()],
		};
	}

	/** A path for a session, new or known; gives the caller's end. */
	connect(sessionId: string): Channel {
		const [near, far] = memoryChannelPair();
		this.#channels.add(far);
		let session = this.#sessions.get(sessionId);
		if (!session || session.closed) {
			session = new Session({
				id: sessionId,
				opener: false,
				accept: this.#host.accept(TESTER),
				strandedTimeoutMs: STRANDED_MS,
				clock: this.#clock,
			});
			this.#sessions.set(sessionId, session);
		}
		session.addPath("relay", far);
		return near;
	}

	/** Whether callers reach it. */
	get reachable(): boolean {
		return this.#healed === undefined;
	}

	/** Resolves when callers reach it; rejects with the signal's reason, and when it dies. */
	async whenReachable(signal: AbortSignal): Promise<void> {
		if (!this.#healed) return;
		const given = deferred<never>();
		const giveUp = () => {
			given.reject(signal.reason);
		};
		signal.addEventListener("abort", giveUp);
		try {
			await Promise.race([this.#healed.promise, given.promise]);
		} finally {
			signal.removeEventListener("abort", giveUp);
		}
	}

	/** Breaks every path, and lets no caller in until it is healed. Sessions wait. */
	cut(): void {
		if (this.#healed) return;
		this.#healed = deferred();
		this.#healed.promise.catch(() => {
			// Whoever waits for it has been told.
		});
		this.#breakPaths();
	}

	heal(): void {
		this.#healed?.resolve();
		this.#healed = undefined;
	}

	/** Ends at once: running functions see their signals abort, and nobody is told. */
	die(): void {
		this.#breakPaths();
		this.#healed?.reject(
			new EasyRemoteError("UNAVAILABLE", `node "${this.id}" has died`),
		);
		for (const session of this.#sessions.values()) session.close();
		this.#sessions.clear();
		void this.#host.drain(0);
	}

	#breakPaths(): void {
		const error = new EasyRemoteError("UNAVAILABLE", "the path was cut");
		for (const channel of this.#channels) channel.close(error);
		this.#channels.clear();
	}
}
