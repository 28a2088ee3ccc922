import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type { Link, LinkState } from "../link/link.js";
import type { PathCounts } from "../protocol/provider.js";
import type { SessionLimits } from "../session/session-types.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { Host } from "./host.js";
import { type DirectOptions, HostedSessions } from "./hosted-sessions.js";
import { Registration } from "./registration.js";

/** Longest wait for running calls when a node closes, ms. */
export const DRAIN_TIMEOUT_MS = 25_000;
/** Longest wait for answers to be taken, once nothing runs any more, ms. */
const DELIVERY_TIMEOUT_MS = 2_000;
const DELIVERY_POLL_MS = 10;

/** `connecting` and `waiting` as a link's; `registering`: connected, functions not yet accepted. */
export type ServedNodeState =
	| "connecting"
	| "registering"
	| "online"
	| "waiting"
	| "draining"
	| "closed";

export interface ServedNodeEvents {
	/** The state changed; `error` says why it is not online, or why it closed. */
	state?(state: ServedNodeState, error: EasyRemoteError | undefined): void;
	/** Something failed that no call hears of, and the node goes on. */
	error?(error: EasyRemoteError): void;
}

export interface ServedNodeOptions {
	/** Says `hello` as a node with the profile of this host. */
	readonly link: Link;
	readonly host: Host;
	/** How direct paths are made; absent, everything goes over the relay. */
	readonly direct?: DirectOptions | undefined;
	readonly sessionLimits?: Partial<SessionLimits> | undefined;
	readonly events?: ServedNodeEvents;
	readonly clock?: Clock;
}

/**
 * A host on the network: registers its functions at the gateway, over and over as connections come and go, and turns
 * the sessions that callers open into calls. It lives as long as its link.
 */
export class ServedNode {
	readonly #link: Link;
	readonly #host: Host;
	readonly #clock: Clock;
	readonly #events: ServedNodeEvents;
	readonly #sessions: HostedSessions;
	readonly #registration: Registration;
	readonly #registered: Deferred<void> = deferred();
	readonly #closed: Deferred<void> = deferred();
	readonly #stopListening: () => void;
	#state: ServedNodeState = "connecting";
	#closing: Promise<void> | undefined;
	/** Why this node closes, unless its owner wants it to. */
	#reason: EasyRemoteError | undefined;

	constructor(options: ServedNodeOptions) {
		this.#link = options.link;
		this.#host = options.host;
		this.#clock = options.clock ?? systemClock;
		this.#events = options.events ?? {};
		this.#sessions = new HostedSessions({
			link: options.link,
			host: options.host,
			clock: this.#clock,
			direct: options.direct,
			limits: options.sessionLimits,
		});
		this.#registration = new Registration(
			options.link,
			options.host.table,
			this.#clock,
			{
				registered: () => {
					this.#enter("online", undefined);
					this.#registered.resolve();
				},
				refused: (error, late) => this.#refused(error, late),
			},
		);
		// Whoever does not wait for it hears the same through `state`.
		this.#registered.promise.catch(() => undefined);
		this.#stopListening = options.link.listen({
			state: (state, error) => this.#linkChanged(state, error),
			control: (message) => this.#sessions.control(message),
		});
		if (options.link.state === "online") this.#linkChanged("online", undefined);
	}

	get state(): ServedNodeState {
		return this.#state;
	}

	/** Resolves when the gateway has first accepted the functions; rejects with its refusal, or when closed before. */
	get registered(): Promise<void> {
		return this.#registered.promise;
	}

	/** Resolves when all is over, on purpose or because the gateway refuses this node for good (then see `state`). */
	get closed(): Promise<void> {
		return this.#closed.promise;
	}

	/** Which paths the sessions of callers are on: for heartbeats. */
	get paths(): PathCounts {
		return this.#sessions.paths;
	}

	/** Sessions that callers have open. */
	get sessionCount(): number {
		return this.#sessions.size;
	}

	/**
	 * Takes no more calls, lets running ones finish for up to `drainTimeoutMs` and their answers be taken, then closes
	 * every session and the link. Repeated calls wait for the first.
	 */
	close(options: { readonly drainTimeoutMs?: number } = {}): Promise<void> {
		this.#closing ??= this.#shutDown(
			options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS,
		);
		return this.#closing;
	}

	#linkChanged(state: LinkState, error: Error | undefined): void {
		const reason = error === undefined ? undefined : toEasyRemoteError(error);
		if (state === "online") {
			// Before the first heartbeat of this connection, which tells what it counts.
			this.#host.stats.connected(this.#link.welcome?.gatewayId ?? "");
			if (this.#state !== "draining") this.#enter("registering", undefined);
			// Even while draining: callers must find their way back to their answers.
			this.#registration.begin();
			if (this.#state === "draining") this.#link.send("node_draining", {});
			return;
		}
		this.#registration.lost();
		this.#sessions.connectionLost();
		if (state === "closed") this.#end(reason);
		else if (this.#state !== "draining") this.#enter(state, reason);
	}

	#refused(error: EasyRemoteError, late: boolean): void {
		this.#events.error?.(error);
		if (late) return;
		this.#reason = error;
		this.#closing ??= this.#shutDown(0);
	}

	/** Never rejects. */
	async #shutDown(drainTimeoutMs: number): Promise<void> {
		if (this.#state === "closed") return;
		this.#enter("draining", this.#reason);
		this.#registered.reject(this.#reason ?? closedBefore());
		this.#sessions.drain();
		this.#link.send("node_draining", {});
		await this.#host.drain(drainTimeoutMs);
		await this.#delivered();
		this.#tellStats();
		this.#sessions.close(shutDown());
		await this.#link.close();
		this.#end(undefined);
	}

	/** The last answers may still be on their way to callers that are slow to take them. */
	async #delivered(): Promise<void> {
		const until = this.#clock.monotonic() + DELIVERY_TIMEOUT_MS;
		while (!this.#sessions.idle && this.#clock.monotonic() < until) {
			await new Promise<void>((resolve) => {
				this.#clock.schedule(DELIVERY_POLL_MS, resolve);
			});
		}
	}

	/** There will be no heartbeat any more to tell of the last calls. */
	#tellStats(): void {
		const { stats } = this.#host;
		while (stats.untold && this.#link.state === "online")
			this.#link.send("heartbeat", { stats: stats.take() });
	}

	#end(error: EasyRemoteError | undefined): void {
		if (this.#state === "closed") return;
		const reason = this.#reason ?? error;
		this.#stopListening();
		this.#registration.stop();
		this.#sessions.close();
		this.#registered.reject(reason ?? closedBefore());
		this.#enter("closed", reason);
		this.#closed.resolve();
	}

	#enter(state: ServedNodeState, error: EasyRemoteError | undefined): void {
		if (this.#state === state) return;
		this.#state = state;
		this.#events.state?.(state, error);
	}
}

function closedBefore(): EasyRemoteError {
	return new EasyRemoteError(
		"CANCELLED",
		"the node was closed before the gateway had accepted it",
	);
}

/** A call that comes too late for the draining was not started: its caller may safely try another node. */
function shutDown(): EasyRemoteError {
	return new EasyRemoteError("UNAVAILABLE", "the node was shut down", {
		details: { started: "no" },
	});
}
