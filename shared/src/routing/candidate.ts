import type { AnnouncedNeeds } from "../protocol/node-resources.js";
import type { Provider } from "../protocol/provider.js";

/** A provider as a strategy sees it: the gateway's snapshot, corrected by what the chooser knows better. */
export interface RoutingCandidate {
	/**
	 * The node as of its latest heartbeat: id, tags, state, resources, round trip to the gateway. `functions` is what it
	 * offers of what was asked for.
	 */
	readonly provider: Provider;
	/** What the function asked for needs of a machine; every candidate has that much. */
	readonly needs: AnnouncedNeeds | undefined;
	/** Calls of ours that are at that node now. */
	readonly inFlight: number;
	/** Calls running and queued there by our best estimate, ours included, those since the last heartbeat too. */
	readonly load: number;
	/** How long calls of ours take there, ms, with a memory for peaks (see `PeakEwma`), once one has succeeded. */
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
	return candidate.load / slots(candidate);
}

/** Calls that the node runs at once. */
export function slots({ provider }: RoutingCandidate): number {
	return Math.max(provider.load.maxConcurrent, 1);
}

/** Whether a call sent now would run at once rather than queue. */
export function hasFreeSlot(candidate: RoutingCandidate): boolean {
	return candidate.load < candidate.provider.load.maxConcurrent;
}
