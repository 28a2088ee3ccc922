import type { CancelTimer, Clock } from "../time/clock.js";
import { type CandidateCounts, countCandidates } from "./candidate-counts.js";
import type { PeerSignal } from "./peer-connector.js";
import { candidateType, isLoopback, isPublicHost } from "./peer-signals.js";

type CandidateSignal = Extract<PeerSignal, { kind: "candidate" }>;

/** More candidates of the far end than this are not looked at: each costs checks, perhaps of strangers. */
const MOST_REMOTE = 64;
/** Loopback candidates are held back this long, to see whether there are better ones, ms. */
const LOOPBACK_HOLD_MS = 300;

/** The candidates of both sides: what may pass, and what was seen. */
export class CandidateExchange {
	readonly #local: string[] = [];
	readonly #remote: string[] = [];
	readonly #send: (signal: PeerSignal) => void;
	readonly #clock: Clock;
	#publicHost = false;
	#loopback: "hold" | "drop" | "send" = "hold";
	#held: CandidateSignal[] = [];
	#cancelHold: CancelTimer | undefined;

	constructor(clock: Clock, send: (signal: PeerSignal) => void) {
		this.#clock = clock;
		this.#send = send;
	}

	/** Candidates found here so far. */
	get local(): CandidateCounts {
		return countCandidates(this.#local);
	}

	/** Candidates that the far end offered so far. */
	get remote(): CandidateCounts {
		return countCandidates(this.#remote);
	}

	/** Whether none was found here so far. */
	get none(): boolean {
		return this.#local.length === 0;
	}

	/** Whether this machine has a public IPv4 address of its own. */
	get publicHost(): boolean {
		return this.#publicHost;
	}

	/**
	 * A candidate was found here. Another machine cannot use our loopback address, so it is only
	 * offered where there is no other: on a machine without a network.
	 */
	found(signal: CandidateSignal): void {
		this.#local.push(candidateType(signal.candidate));
		this.#publicHost ||= isPublicHost(signal.candidate);
		if (!isLoopback(signal.candidate)) {
			this.stop();
			this.#send(signal);
		} else if (this.#loopback === "send") {
			this.#send(signal);
		} else if (this.#loopback === "hold") {
			this.#held.push(signal);
			this.#cancelHold ??= this.#clock.schedule(LOOPBACK_HOLD_MS, () => {
				this.#loopback = "send";
				for (const held of this.#held) this.#send(held);
			});
		}
	}

	/** Whether a candidate of the far end is to be tried. */
	offered(signal: CandidateSignal): boolean {
		if (this.#remote.length >= MOST_REMOTE) return false;
		this.#remote.push(candidateType(signal.candidate));
		return true;
	}

	/** Forgets what is held back, for good. */
	stop(): void {
		this.#loopback = "drop";
		this.#cancelHold?.();
		this.#held = [];
	}
}
