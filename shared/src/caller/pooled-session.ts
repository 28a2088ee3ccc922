import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { PROTOCOL } from "../protocol/constants.js";
import { isNodeLoss } from "../protocol/path-loss.js";
import { Session } from "../session/session.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { PooledDirect } from "./pooled-direct.js";
import type {
	OpenedRelay,
	OpenRequest,
	RelayAnswer,
	SessionOpener,
} from "./session-opener.js";
import type { CallerSession } from "./session-source.js";

/** First pause before a relay is asked for again, ms; doubles up to the limit, with jitter. */
const REOPEN_BASE_MS = 50;
const REOPEN_LIMIT_MS = 2_000;
/**
 * What ended the relay may have ended the node: the direct path has this long to show that it lives, ms. Its own
 * pings take several times as long to notice.
 */
const PROBE_MS = 1_000;

/** What a session needs besides its node. */
export interface PooledSessionOptions {
	readonly id: string;
	readonly nodeId: string;
	/** Whether a direct path is wanted from the start. */
	readonly direct: boolean;
	readonly opener: SessionOpener;
	readonly clock: Clock;
	/** A number in [0, 1). */
	readonly random: () => number;
	/** Called when a path was added or lost. */
	readonly onPaths: () => void;
	/** Called once, when the session is over. */
	readonly onClosed: () => void;
}

/**
 * One session and its relay path, which is asked for again whenever it is lost while somebody needs
 * it. How long calls wait for that is the session's own stranded timeout.
 */
export class PooledSession implements CallerSession {
	readonly session: Session;
	readonly direct: PooledDirect;
	readonly opened: Promise<void>;
	readonly #options: PooledSessionOptions;
	readonly #whenTaken = deferred();
	readonly #lifetime = new AbortController();
	#relay: OpenedRelay | undefined;
	#opening = false;
	#taken = false;
	#failures = 0;
	/** When the relay was last lost, in the clock's ms. */
	#relayLostAt = Number.NEGATIVE_INFINITY;
	/** The gateway has given the node up. */
	#nodeLost = false;
	#cancelReopen: CancelTimer | undefined;

	constructor(options: PooledSessionOptions) {
		const { opener, clock } = options;
		this.#options = options;
		this.session = new Session({
			id: options.id,
			opener: true,
			strandedTimeoutMs: this.#patienceMs(),
			clock,
			events: {
				pathsChanged: (kind, error) => {
					if (kind === "relay") this.#relayChanged(error);
					if (!this.session.closed) options.onPaths();
				},
				stranded: () => this.#stranded(),
				closed: (error) => this.#closed(error),
			},
		});
		this.direct = new PooledDirect(
			opener.direct && (() => this.#makeDirect()),
			options.direct,
			clock,
		);
		this.opened = this.#whenTaken.promise;
		// Nobody has to wait for it: a refusal fails the calls too.
		this.opened.catch(() => undefined);
		this.#open();
	}

	/** Whether nothing would be lost if it were closed. */
	get idle(): boolean {
		return this.session.activeCalls === 0;
	}

	/** This machine has other addresses than before: an open path has to show that it lives, another one is tried anew. */
	networkChanged(): void {
		this.session.probe("direct", PROBE_MS);
		this.direct.networkChanged();
	}

	/** A call was made that would take a direct path: asks for one from now on. */
	wantDirect(): void {
		// The node has to hear of it, which takes another `session_open` with the same id.
		if (this.direct.want()) this.#open();
		else this.direct.used();
	}

	close(error?: EasyRemoteError): void {
		this.session.close(error);
	}

	#makeDirect() {
		const { opener, nodeId } = this.#options;
		if (!opener.direct) throw new TypeError("the opener has no direct side");
		return opener.direct(this.session, nodeId);
	}

	#patienceMs(): number {
		return this.#options.opener.restarting
			? PROTOCOL.restartReattachTimeoutMs
			: PROTOCOL.reattachTimeoutMs;
	}

	/** The time in which a direct path failed to show that it lives has been waited already. */
	#stranded(): void {
		if (this.#nodeLost) {
			this.session.setStrandedTimeout(0);
			return;
		}
		const sinceMs = this.#options.clock.monotonic() - this.#relayLostAt;
		// Timers are late on a busy machine; much later it was another loss.
		const waitedMs = sinceMs < 2 * PROBE_MS ? Math.min(sinceMs, PROBE_MS) : 0;
		this.session.setStrandedTimeout(this.#patienceMs() - waitedMs);
	}

	#open(): void {
		if (this.#opening || this.session.closed) return;
		this.#opening = true;
		const { opener, nodeId } = this.#options;
		const request = {
			sessionId: this.session.id,
			nodeId,
			direct: this.direct.wanted,
		};
		opener.open(request, this.#lifetime.signal).then(
			(relay) => this.#openedRelay(relay, request),
			(error: unknown) => {
				this.#opening = false;
				this.#refused(toEasyRemoteError(error));
			},
		);
	}

	#openedRelay(relay: OpenedRelay, request: OpenRequest): void {
		if (this.session.closed) {
			relay.close();
			return;
		}
		// The first calls leave together with the opening. When reopening, a path that the node may not take would
		// only make its calls wait anew.
		if (!this.#taken) this.#use(relay);
		void relay.answer.then((answer) => {
			this.#opening = false;
			if (this.session.closed) relay.close();
			else this.#answered(relay, answer, request);
		});
	}

	#use(relay: OpenedRelay): void {
		const former = this.#relay;
		if (former === relay) return;
		this.#relay = relay;
		this.session.addPath("relay", relay.channel);
		former?.close();
	}

	#answered(
		relay: OpenedRelay,
		answer: RelayAnswer,
		request: OpenRequest,
	): void {
		switch (answer.kind) {
			case "taken":
				this.#use(relay);
				this.#taken = true;
				this.#failures = 0;
				this.#whenTaken.resolve();
				if (this.direct.wanted && !request.direct) this.#open();
				else this.direct.taken(relay, answer.direct);
				return;
			case "refused":
				// Before its channel ends, which would sound like a loss.
				this.#refused(answer.error);
				relay.close();
				return;
			case "lost":
				if (!this.session.paths.relay) this.#relayLost();
				return;
			default:
				answer satisfies never;
		}
	}

	#refused(error: EasyRemoteError): void {
		if (this.session.closed) return;
		// A node that has had the session may have calls of ours: those wait, in case it comes back. A gateway that has
		// just restarted does not know it yet.
		const mayComeBack = error.retryable || error.code === "NOT_FOUND";
		if (this.#taken && mayComeBack) this.#planReopen();
		else this.session.close(error);
	}

	#relayChanged(error: EasyRemoteError | undefined): void {
		const open = this.session.paths.relay !== undefined;
		this.#nodeLost = !open && isNodeLoss(error);
		if (!open) this.#relayLost();
	}

	#relayLost(): void {
		this.#relay = undefined;
		// While one is being opened, its answer decides.
		if (this.session.closed || this.#opening) return;
		if (this.idle && !this.session.paths.direct) {
			this.session.close(
				new EasyRemoteError("UNAVAILABLE", "the relay path was lost"),
			);
			return;
		}
		this.#relayLostAt = this.#options.clock.monotonic();
		this.session.probe("direct", PROBE_MS);
		this.#planReopen();
	}

	#planReopen(): void {
		if (this.#cancelReopen || this.#opening || this.session.closed) return;
		const { clock, random } = this.#options;
		const ceiling = Math.min(
			REOPEN_LIMIT_MS,
			REOPEN_BASE_MS * 2 ** this.#failures,
		);
		this.#failures += 1;
		const delayMs = this.#failures === 1 ? 0 : ceiling * (0.5 + random() / 2);
		this.#cancelReopen = clock.schedule(delayMs, () => {
			this.#cancelReopen = undefined;
			this.#open();
		});
	}

	#closed(error: EasyRemoteError | undefined): void {
		const reason =
			error ?? new EasyRemoteError("CANCELLED", "the session was closed");
		this.#lifetime.abort(reason);
		this.#cancelReopen?.();
		this.direct.close();
		this.#relay?.close();
		this.#relay = undefined;
		this.#whenTaken.reject(reason);
		this.#options.onClosed();
	}
}
