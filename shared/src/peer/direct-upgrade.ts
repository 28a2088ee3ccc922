import { type Deferred, deferred } from "../async/deferred.js";
import { tapChannel } from "../channel/tap-channel.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type { IceServer, Signal } from "../protocol/control-messages.js";
import type { SessionEnd } from "../session/session-types.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { AttemptFacts } from "./path-diagnosis.js";
import { explainGivenUp } from "./path-diagnosis.js";
import {
	joinTrouble,
	noAttempt,
	type PathReport,
	type PathState,
	pathReport,
} from "./path-report.js";
import type {
	DirectChannel,
	PeerAttempt,
	PeerConnector,
} from "./peer-connector.js";
import {
	INITIAL_UPGRADE,
	stepUpgrade,
	type UpgradeEffect,
	type UpgradeEvent,
	type UpgradePhase,
	type UpgradeState,
} from "./upgrade-state.js";

/** The part of a session that its direct path concerns. */
export type UpgradedSession = Pick<
	SessionEnd,
	"addPath" | "activeCalls" | "closed"
>;

export interface DirectUpgradeOptions {
	/** Gets the direct path when there is one. */
	readonly session: UpgradedSession;
	/** Whether this end opened the session: it makes the offers, and it alone tries again. */
	readonly initiator: boolean;
	readonly connector: PeerConnector;
	/** Asked at each attempt, since credentials of TURN servers run out. */
	readonly iceServers: () => readonly IceServer[];
	readonly iceTransportPolicy?: "all" | "relay";
	/** Carries a signal to the far end; one that is lost costs its attempt. */
	readonly sendSignal: (attempt: number, signal: Signal) => void;
	/** Hears of every change of `state`. */
	readonly onChange?: (state: UpgradePhase, reason: string | undefined) => void;
	readonly clock?: Clock;
	/** 0 ≤ random < 1; spreads the attempts of those who failed together. */
	readonly random: () => number;
}

/** A path that was open for less than this counts as a failed attempt, ms. */
const YOUNG_MS = 30_000;
/**
 * ICE takes longer than this to find that there is no way. An attempt that fails sooner met with an accident, such as
 * the one that `PeerAttemptOptions.answerFirst` avoids; ms.
 */
const EARLY_MS = 2_000;
/** Wait after a good path was lost, ms. */
const RECONNECT_MS = 1_000;
/** Wait after the first failure, doubled with each one that follows, and its end, ms. */
const RETRY_MS = { first: 30_000, most: 600_000 } as const;

/** `idle` begins an attempt as soon as somebody waits for one. */
const REPORTED: Readonly<Record<UpgradePhase, PathState>> = {
	idle: "connecting",
	connecting: "connecting",
	open: "open",
	failed: "failed",
	closed: "off",
};

/**
 * Gives one session a direct path and keeps it: one at each end, both driven by `stepUpgrade`.
 *
 * @example
 * const upgrade = new DirectUpgrade({ session, initiator: true, connector, iceServers, sendSignal, random });
 * upgrade.start();
 * const direct = await upgrade.whenOpen(PROTOCOL.directWaitMs);
 */
export class DirectUpgrade {
	readonly #options: DirectUpgradeOptions;
	readonly #clock: Clock;
	readonly #waiting = new Set<Deferred<boolean>>();
	readonly #events: UpgradeEvent[] = [];
	#handling = false;
	#state: UpgradeState = INITIAL_UPGRADE;
	#report: PathReport = noAttempt("connecting");
	#attempt: PeerAttempt | undefined;
	/** Of the latest attempt that was settled. */
	#facts: AttemptFacts | undefined;
	#begunAt = 0;
	#openedAt = 0;
	/** When the latest path or wait was over, and nothing was begun. */
	#idleSince = Number.NEGATIVE_INFINITY;
	#cancelRetry: CancelTimer | undefined;

	constructor(options: DirectUpgradeOptions) {
		this.#options = options;
		this.#clock = options.clock ?? systemClock;
	}

	get state(): UpgradePhase {
		return this.#state.phase;
	}

	/** Why there is no direct path, or why there was none lately, in a line for people. */
	get reason(): string | undefined {
		return this.#state.reason;
	}

	/** How things are, and why: as of the latest change of `state`. */
	get report(): PathReport {
		return this.#report;
	}

	/** Why there was no direct path lately, in a line in which no word is the far end's, who may be anybody. */
	get ownReason(): string | undefined {
		const { reason, fix, saidBy } = this.#state;
		if (reason === undefined) return undefined;
		return joinTrouble(
			saidBy === "here" ? { reason, fix } : explainGivenUp(this.#facts),
		);
	}

	/** A direct path is wanted: the opener begins an attempt, unless one runs or has just failed. */
	start(): void {
		this.#dispatch({ type: "wanted" });
	}

	/** This machine has other addresses than before: an attempt that failed, or runs, is made anew. */
	networkChanged(): void {
		const inUse = this.#options.session.activeCalls > 0;
		this.#dispatch({ type: "network_changed", inUse });
		// The next call need not wait for anything.
		this.#idleSince = Number.NEGATIVE_INFINITY;
	}

	/**
	 * A call was made that would take a direct path: one that was given back is made anew, but not at once, or callers
	 * who share too few peer connections would take them from one another with every call.
	 */
	used(): void {
		if (this.#state.phase !== "idle") return;
		const idleMs = this.#clock.monotonic() - this.#idleSince;
		if (idleMs >= RETRY_MS.first) this.start();
	}

	/** Takes a signal of the far end, validated as far as `controlMessage` goes. */
	receive(attempt: number, signal: Signal): void {
		this.#dispatch({ type: "signal", attempt, signal });
	}

	/**
	 * Waits for the direct path, starting it where needed: false after `timeoutMs`, as soon as it
	 * is clear that there will be none, or when `signal` fires.
	 */
	async whenOpen(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
		this.start();
		const { phase } = this.#state;
		if (phase === "open") return true;
		if (phase === "failed" || phase === "closed" || signal?.aborted)
			return false;
		const waiter = deferred<boolean>();
		const giveUp = (): void => waiter.resolve(false);
		const cancel = this.#clock.schedule(timeoutMs, giveUp);
		signal?.addEventListener("abort", giveUp);
		this.#waiting.add(waiter);
		try {
			return await waiter.promise;
		} finally {
			cancel();
			signal?.removeEventListener("abort", giveUp);
			this.#waiting.delete(waiter);
		}
	}

	/** Gives the peer connection back for now; the opener may begin anew at any time. */
	release(): void {
		this.#dispatch({ type: "release" });
	}

	/** Gives up the direct path and everything that makes one. */
	close(): void {
		this.#dispatch({ type: "close" });
		this.#cancelRetry?.();
	}

	/** One event after the other: what handling one brings about waits until it has been handled. */
	#dispatch(event: UpgradeEvent): void {
		this.#events.push(event);
		if (this.#handling) return;
		this.#handling = true;
		try {
			let next = this.#events.shift();
			for (; next; next = this.#events.shift()) this.#handle(next);
		} finally {
			this.#handling = false;
		}
	}

	#handle(event: UpgradeEvent): void {
		const before = this.#state.phase;
		const step = stepUpgrade(this.#state, event, this.#options.initiator);
		const { phase, reason, attempt } = step.state;
		// Before the effects, which may drop what knows them.
		if (before === "connecting") this.#facts = this.#attempt?.facts;
		this.#state = step.state;
		if (phase !== before)
			this.#report = pathReport(
				REPORTED[phase],
				step.state,
				attempt,
				this.#facts,
			);
		for (const effect of step.effects) this.#run(effect);
		if (phase === before) return;
		if (phase === "idle") this.#idleSince = this.#clock.monotonic();
		if (phase === "open") this.#settle(true);
		if (phase === "failed" || phase === "closed") this.#settle(false);
		this.#options.onChange?.(phase, reason);
	}

	#settle(open: boolean): void {
		for (const waiter of this.#waiting) waiter.resolve(open);
	}

	#run(effect: UpgradeEffect): void {
		switch (effect.type) {
			case "connect":
				this.#connect(effect.attempt);
				break;
			case "deliver":
				this.#deliver(effect.signal);
				break;
			case "drop":
				this.#drop();
				break;
			case "send":
				this.#options.sendSignal(effect.attempt, effect.signal);
				break;
			case "plan":
				this.#plan(effect.failures);
				break;
			default:
				effect satisfies never;
		}
	}

	#connect(attempt: number): void {
		this.#cancelRetry?.();
		this.#drop();
		this.#begunAt = this.#clock.monotonic();
		try {
			this.#attempt = this.#newAttempt(attempt);
		} catch (error) {
			this.#onFailed(attempt, toEasyRemoteError(error));
			return;
		}
		this.#attempt.opened.then(
			(direct) => this.#onOpened(attempt, direct),
			(error: unknown) => this.#onFailed(attempt, toEasyRemoteError(error)),
		);
	}

	#newAttempt(attempt: number): PeerAttempt {
		const { iceTransportPolicy, sendSignal } = this.#options;
		return this.#options.connector.connect({
			initiator: this.#options.initiator,
			iceServers: this.#options.iceServers(),
			...(iceTransportPolicy ? { iceTransportPolicy } : {}),
			// Quick at first, and safe after an accident.
			answerFirst: this.#state.repeats > 0,
			send: (signal) => {
				if (this.#state.attempt === attempt) sendSignal(attempt, signal);
			},
		});
	}

	#onOpened(attempt: number, opened: DirectChannel): void {
		const { channel, candidate, roomBytes } = opened;
		const { phase, attempt: latest } = this.#state;
		if (phase !== "connecting" || latest !== attempt) return;
		if (this.#options.session.closed) {
			this.close();
			return;
		}
		this.#openedAt = this.#clock.monotonic();
		const observed = tapChannel(channel, {
			closed: (error) => this.#onLost(attempt, error),
		});
		this.#options.session.addPath("direct", observed, { candidate, roomBytes });
		this.#dispatch({ type: "opened", attempt });
	}

	#onFailed(attempt: number, error: EasyRemoteError): void {
		const young = this.#clock.monotonic() - this.#begunAt < EARLY_MS;
		const reason = error.details?.["reason"];
		const repeat =
			reason === "description_refused" ||
			(young && (reason === "failed" || reason === "ice_failed"));
		const { message, hint: fix } = error;
		this.#dispatch({ type: "failed", attempt, reason: message, fix, repeat });
	}

	#onLost(attempt: number, error: EasyRemoteError | undefined): void {
		const young = this.#clock.monotonic() - this.#openedAt < YOUNG_MS;
		this.#dispatch({ type: "lost", attempt, reason: error?.message, young });
	}

	#deliver(signal: Signal): void {
		if (signal.kind !== "description" && signal.kind !== "candidate") return;
		this.#attempt?.signal(signal);
	}

	#drop(): void {
		this.#attempt?.close();
		this.#attempt = undefined;
	}

	#plan(failures: number): void {
		const { first, most } = RETRY_MS;
		const wait =
			failures === 0
				? RECONNECT_MS
				: Math.min(first * 2 ** (failures - 1), most);
		const random = this.#options.random();
		this.#cancelRetry?.();
		this.#cancelRetry = this.#clock.schedule(wait * (0.5 + random / 2), () =>
			this.#dispatch({
				type: "retry",
				inUse: this.#options.session.activeCalls > 0,
			}),
		);
	}
}
