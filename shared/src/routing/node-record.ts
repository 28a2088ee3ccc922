import type { Provider } from "../protocol/provider.js";
import { type CallOutcome, verdict } from "./call-outcome.js";
import { CLOSED, type Circuit, letsThrough, nextCircuit } from "./circuit.js";
import { PeakEwma } from "./peak-ewma.js";

/** A node whose queue was full is left alone for at most so long, ms: its next heartbeat tells better. */
const LONGEST_BREATHER_MS = 1_000;

/** What a chooser remembers of one node: one for each function, as choosers are. */
export class NodeRecord {
	/** See `RoutingCandidate.turn`. */
	turn: number;
	#circuit: Circuit = CLOSED;
	#duration: PeakEwma | undefined;
	#fullUntilMs = Number.NEGATIVE_INFINITY;
	#snapshot: Pick<Provider, "load" | "loadRevision"> | undefined;
	#oursInSnapshot = 0;

	constructor(turn: number) {
		this.turn = turn;
	}

	/** How long calls take there, ms, once one has succeeded. */
	durationMs(nowMs: number): number | undefined {
		return this.#duration?.at(nowMs);
	}

	/** Whether its circuit lets a call through. */
	usable(nowMs: number): boolean {
		return letsThrough(this.#circuit, nowMs);
	}

	/** Whether the next call would be the one that tells if it has recovered. */
	probeDue(nowMs: number): boolean {
		return this.#circuit.state !== "closed" && this.usable(nowMs);
	}

	/** Whether it has said just now that its queue is full. */
	full(nowMs: number): boolean {
		return nowMs < this.#fullUntilMs;
	}

	/**
	 * Calls at the node now, by the snapshot and by our own count: those others had there when the
	 * snapshot was taken, plus all of ours in flight, which the snapshot may not show yet.
	 */
	load(provider: Provider, inFlight: number): number {
		this.#look(provider, inFlight);
		const { running, queued } = provider.load;
		return Math.max(running + queued - this.#oursInSnapshot, 0) + inFlight;
	}

	/** Calls of ours in flight that the snapshot does not show. */
	unseen(provider: Provider, inFlight: number): number {
		this.#look(provider, inFlight);
		return Math.max(inFlight - this.#oursInSnapshot, 0);
	}

	sent(turn: number, nowMs: number): void {
		this.turn = turn;
		this.#circuit = nextCircuit(this.#circuit, "sent", nowMs);
	}

	settled(outcome: CallOutcome, nowMs: number): void {
		const { ms, error, accepted } = outcome;
		this.#circuit = nextCircuit(this.#circuit, verdict(outcome), nowMs);
		if (error?.code === "RESOURCE_EXHAUSTED" && !accepted) {
			const restMs = error.retryAfterMs ?? 0;
			this.#fullUntilMs = nowMs + Math.min(restMs, LONGEST_BREATHER_MS);
		}
		// What failed may have failed fast, and a node must not win calls by that.
		if (error) return;
		if (this.#duration) this.#duration.observe(ms, nowMs);
		else this.#duration = new PeakEwma(ms, nowMs);
	}

	released(nowMs: number): void {
		this.#circuit = nextCircuit(this.#circuit, "unknown", nowMs);
	}

	#look(provider: Provider, inFlight: number): void {
		if (this.#snapshot && sameReport(this.#snapshot, provider)) return;
		this.#snapshot = provider;
		this.#oursInSnapshot = inFlight;
	}
}

/** Whether two snapshots tell of the same heartbeat. */
function sameReport(
	a: Pick<Provider, "load" | "loadRevision">,
	b: Pick<Provider, "load" | "loadRevision">,
): boolean {
	return (
		a.loadRevision === b.loadRevision &&
		a.load.running === b.load.running &&
		a.load.queued === b.load.queued
	);
}
