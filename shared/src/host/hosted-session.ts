import type { Channel } from "../channel/channel.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { DirectUpgrade } from "../peer/direct-upgrade.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CallerIdentity, Signal } from "../protocol/control-messages.js";
import type { AcceptCall } from "../session/call-end.js";
import { Session } from "../session/session.js";
import type { SessionEnd, SessionLimits } from "../session/session-types.js";
import type { Clock } from "../time/clock.js";
import type { Host } from "./host.js";

export interface HostedSessionOptions {
	readonly sessionId: string;
	readonly caller: CallerIdentity;
	readonly host: Host;
	readonly clock: Clock;
	readonly limits?: Partial<SessionLimits> | undefined;
	/** The session is over, whoever ended it. */
	readonly closed: (session: HostedSession) => void;
}

/** A session that some client opened to this node, across its paths and reconnects. */
export class HostedSession {
	readonly id: string;
	readonly #session: Session;
	readonly #clock: Clock;
	readonly #host: Host;
	#caller: CallerIdentity;
	#accept: AcceptCall;
	/** Its number on the present connection; undefined while it has no relay there. */
	#number: number | undefined;
	#direct: DirectUpgrade | undefined;
	#lastUsedAt: number;

	constructor(options: HostedSessionOptions) {
		const { sessionId, caller, host, clock, limits, closed } = options;
		this.id = sessionId;
		this.#host = host;
		this.#caller = caller;
		this.#accept = host.accept(caller);
		this.#clock = clock;
		this.#lastUsedAt = clock.monotonic();
		this.#session = new Session({
			id: sessionId,
			opener: false,
			strandedTimeoutMs: PROTOCOL.orphanTimeoutMs,
			clock,
			...(limits === undefined ? {} : { limits }),
			accept: (end) => {
				this.touch();
				return this.#accept(end);
			},
			events: {
				closed: () => {
					this.#direct?.close();
					closed(this);
				},
			},
		});
	}

	get session(): SessionEnd {
		return this.#session;
	}

	get number(): number | undefined {
		return this.#number;
	}

	/** Whether it is ready to answer the far end's offers. */
	get takesDirect(): boolean {
		return this.#direct !== undefined;
	}

	/** Whether it holds a peer connection, open or on its way. */
	get holdsPeer(): boolean {
		const state = this.#direct?.state;
		return state === "open" || state === "connecting";
	}

	/** Whether new calls take the direct path. */
	get isDirect(): boolean {
		return this.#session.paths.direct !== undefined;
	}

	/** Whether nobody waits for anything on it. */
	get idle(): boolean {
		return this.#session.activeCalls === 0;
	}

	/** When it was last found in use, on the clock's monotonic scale, ms. */
	get lastUsedAt(): number {
		return this.#lastUsedAt;
	}

	/** Whether `caller` is who opened it: nobody else may have its calls and answers. */
	belongsTo(caller: CallerIdentity): boolean {
		return caller.id === this.#caller.id;
	}

	/** Gives it a relay path: its first, or a new one after the caller came back. */
	attach(number: number, relay: Channel, caller: CallerIdentity): void {
		this.#number = number;
		this.#caller = caller;
		this.#accept = this.#host.accept(caller);
		this.touch();
		this.#session.addPath("relay", relay);
	}

	/** The relay is gone, its number too; the session waits for its caller, unless a direct path is left. */
	detach(error: EasyRemoteError | undefined): void {
		this.#number = undefined;
		this.#session.dropPath("relay", error);
	}

	/** It is in use now. */
	touch(): void {
		this.#lastUsedAt = this.#clock.monotonic();
	}

	/** Answers the far end's offers by this from now on. */
	takeDirect(direct: DirectUpgrade): void {
		this.#direct = direct;
	}

	signal(attempt: number, signal: Signal): void {
		this.#direct?.receive(attempt, signal);
	}

	/** Gives the peer connection back for now: calls on it go on over the relay, later offers are answered. */
	releasePeer(): void {
		this.#direct?.release();
	}

	close(error?: EasyRemoteError): void {
		this.#session.close(error);
	}
}
