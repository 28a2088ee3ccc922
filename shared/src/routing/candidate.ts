import type { Provider } from "../protocol/provider.js";

/** A provider as a strategy sees it: the gateway's snapshot, corrected by what the chooser knows better. */
export interface RoutingCandidate {
	readonly provider: Provider;
	/** Calls of ours that are at that node now. */
	readonly inFlight: number;
	/** Calls running and queued there by our best estimate, ours included. */
	readonly load: number;
	/** Smoothed duration of our calls there, ms, once one has succeeded. */
	readonly durationMs: number | undefined;
	/** When it was last chosen, as a count of choices; lower is longer ago, negative is never. Unique. */
	readonly turn: number;
}

/** What a strategy answers: one of the candidates it was given, and why in a few words. */
export interface StrategyChoice {
	readonly candidate: RoutingCandidate;
	readonly reason: string;
}

/** Picks one of at least one candidate. Pure: it remembers nothing. */
export type Strategy = (
	candidates: readonly RoutingCandidate[],
) => StrategyChoice;

/** Load as a share of what the node runs at once; above 1 calls are queued there. */
export function loadShare(candidate: RoutingCandidate): number {
	return candidate.load / Math.max(candidate.provider.load.maxConcurrent, 1);
}

/** Whether a call sent now would run at once rather than queue. */
export function hasFreeSlot(candidate: RoutingCandidate): boolean {
	return candidate.load < candidate.provider.load.maxConcurrent;
}
