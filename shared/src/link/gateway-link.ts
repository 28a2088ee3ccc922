import type { Channel } from "../channel/channel.js";
import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../protocol/control-messages.js";
import type { CancelTimer } from "../time/clock.js";
import type { Link, LinkEvents, LinkState } from "./link.js";
import { LinkConnection } from "./link-connection.js";
import {
	FIRST_STATUS,
	type LinkStatus,
	type LinkWake,
	nextStatus,
} from "./link-machine.js";
import {
	CONNECT_TIMEOUT_MS,
	DEFAULT_RECONNECT,
	type LinkOptions,
} from "./link-options.js";
import { notOnline, withDeadline } from "./link-wait.js";

/**
 * Begins to keep a connection to a gateway. It dials at once, in the background.
 *
 * @example
 * const link = gatewayLink({ url, openSocket, hello, clock: systemClock, random: Math.random });
 * const { principal } = await link.whenOnline();
 */
export function gatewayLink(options: LinkOptions): Link {
	return new GatewayLink(options);
}

/** Drives the state machine: every change goes through `#wake`, and each state has one effect when entered. */
class GatewayLink implements Link {
	readonly #options: LinkOptions;
	readonly #listeners = new Set<LinkEvents>();
	#status: LinkStatus = FIRST_STATUS;
	#welcome: ControlPayload<"welcome"> | undefined;
	#connection: LinkConnection | undefined;
	#abortDial: AbortController | undefined;
	#cancelTimer: CancelTimer = () => undefined;
	#online: Deferred<ControlPayload<"welcome">> = handledDeferred();
	readonly #dialling = new Set<Promise<void>>();

	constructor(options: LinkOptions) {
		this.#options = options;
		this.#connect();
	}

	get state(): LinkState {
		return this.#status.phase;
	}

	get welcome(): ControlPayload<"welcome"> | undefined {
		return this.#welcome;
	}

	get restarting(): boolean {
		switch (this.#status.phase) {
			case "online":
				return this.#status.retryAfterMs !== undefined;
			case "closed":
				return false;
			default:
				return this.#status.restarting;
		}
	}

	get latencyMs(): number | undefined {
		return this.#connection?.latencyMs;
	}

	whenOnline(signal?: AbortSignal): Promise<ControlPayload<"welcome">> {
		return withDeadline(this.#online.promise, { signal });
	}

	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): boolean {
		const connection = this.#talking();
		connection?.send(type, payload, replyTo);
		return connection !== undefined;
	}

	request<T extends ControlType, R extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		answer: R,
		options: {
			readonly signal?: AbortSignal;
			readonly timeoutMs?: number;
		} = {},
	): Promise<ControlPayload<R>> {
		const connection = this.#talking();
		if (!connection) return Promise.reject(notOnline(this.#status));
		const { messageId, answered } = connection.request(type, payload, answer);
		const { clock } = this.#options;
		return withDeadline(answered, { ...options, clock }).finally(() =>
			connection.abandon(messageId, undefined),
		);
	}

	nextSession(): number {
		return this.#present().nextSession();
	}

	openRelay(session: number): Channel {
		return this.#present().openRelay(session);
	}

	listen(events: LinkEvents): () => void {
		this.#listeners.add(events);
		return () => {
			this.#listeners.delete(events);
		};
	}

	networkChanged(): void {
		const status = this.#status;
		if (status.phase === "online") this.#connection?.probe();
		// A gateway that restarts has said when it is back; that has nothing to do with this machine.
		if (status.phase === "waiting" && !status.restarting)
			this.#wake({ kind: "due" });
	}

	async close(): Promise<void> {
		this.#wake({ kind: "shutdown" });
		await Promise.all(this.#dialling);
	}

	#wake(wake: LinkWake): void {
		const { reconnect, random, clock } = this.#options;
		const before = this.#status;
		this.#status = nextStatus(before, wake, {
			reconnect: { ...DEFAULT_RECONNECT, ...reconnect },
			random,
			nowMs: clock.monotonic(),
		});
		if (this.#status.phase === before.phase) return;
		this.#cancelTimer();
		if (before.phase === "online") this.#online = handledDeferred();
		this.#enter(this.#status);
	}

	#enter(status: LinkStatus): void {
		switch (status.phase) {
			case "connecting":
				this.#tell("connecting", undefined);
				if (this.#status === status) this.#connect();
				return;
			case "online":
				if (this.#welcome) this.#online.resolve(this.#welcome);
				this.#tell("online", undefined);
				return;
			case "waiting":
				this.#leave(status.error);
				this.#cancelTimer = this.#options.clock.schedule(status.delayMs, () =>
					this.#wake({ kind: "due" }),
				);
				this.#tell("waiting", status.error);
				return;
			case "closed":
				this.#leave(undefined);
				this.#online.reject(notOnline(status));
				this.#tell("closed", status.error);
				return;
			default:
				status satisfies never;
		}
	}

	#connect(): void {
		const dial = this.#dial().finally(() => this.#dialling.delete(dial));
		this.#dialling.add(dial);
	}

	/** Dials and greets. What comes of it is told through `#wake`; it never rejects. */
	async #dial(): Promise<void> {
		const { url, openSocket, clock } = this.#options;
		const abort = new AbortController();
		this.#abortDial = abort;
		this.#cancelTimer = clock.schedule(CONNECT_TIMEOUT_MS, () => {
			const error = connectTimeout(url);
			abort.abort(error);
			this.#wake({ kind: "lost", error });
		});
		try {
			const channel = await openSocket(url, abort.signal);
			if (abort.signal.aborted) channel.close();
			else this.#greet(channel);
		} catch (error) {
			if (!abort.signal.aborted)
				this.#wake({ kind: "lost", error: toEasyRemoteError(error) });
		}
	}

	#greet(channel: Channel): void {
		const { hello, load, news, clock, heartbeatIntervalMs } = this.#options;
		this.#connection = new LinkConnection(channel, {
			hello: hello(),
			load,
			news,
			heartbeatIntervalMs: heartbeatIntervalMs ?? Number.POSITIVE_INFINITY,
			clock,
			events: {
				iceServers: (iceServers) => {
					if (this.#welcome) this.#welcome = { ...this.#welcome, iceServers };
				},
				welcomed: (welcome) => {
					this.#welcome = welcome;
					this.#wake({ kind: "welcomed" });
				},
				control: (message) => this.#control(message),
				ended: (error, final) =>
					this.#wake({ kind: final ? "refused" : "lost", error }),
			},
		});
	}

	/** Lets go of the connection, if there is one, and of any attempt to make one. */
	#leave(error: EasyRemoteError | undefined): void {
		const connection = this.#connection;
		this.#connection = undefined;
		this.#abortDial?.abort(error ?? notOnline(this.#status));
		this.#abortDial = undefined;
		connection?.close(error);
	}

	#control(message: ControlMessage): void {
		if (message.type === "goaway")
			this.#wake({
				kind: "goaway",
				retryAfterMs: message.payload.retryAfterMs,
			});
		for (const listener of [...this.#listeners]) listener.control?.(message);
	}

	#tell(state: LinkState, error: EasyRemoteError | undefined): void {
		for (const listener of [...this.#listeners]) listener.state?.(state, error);
	}

	#talking(): LinkConnection | undefined {
		return this.#status.phase === "online" ? this.#connection : undefined;
	}

	#present(): LinkConnection {
		const connection = this.#talking();
		if (!connection) throw notOnline(this.#status);
		return connection;
	}
}

/** Nobody has to wait for it, so its rejection counts as handled. */
function handledDeferred(): Deferred<ControlPayload<"welcome">> {
	const online = deferred<ControlPayload<"welcome">>();
	online.promise.catch(() => undefined);
	return online;
}

function connectTimeout(url: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`${url} has not welcomed us within ${CONNECT_TIMEOUT_MS / 1_000} s`,
		{ hint: "Check that an EasyRemote gateway runs there." },
	);
}
