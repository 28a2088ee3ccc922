import {
	loadShare,
	type RoutingCandidate,
	type Strategy,
} from "./candidate.js";
import { least } from "./least.js";

/** Where nothing was measured yet, ms. Small, so that the unknown gets tried. */
const UNKNOWN_MS = 1;

/** Costs this close (factor, and ms on top) are the same: what counts among them is who has least to do. */
const SAME_FACTOR = 1.25;
const SAME_SLACK_MS = 2;

/**
 * The soonest answer to be expected: how long our calls took there, with a memory for peaks (`PeakEwma`), times what
 * is there already, as Finagle's balancer has it. Where none of ours has come back, the round trip gateway ↔ node
 * stands in for the first, and the slowest of the others for those that follow, so that an unknown node is tried and
 * not flooded.
 */
export const latencyBased: Strategy = (candidates) => {
	const slowest = Math.max(
		UNKNOWN_MS,
		...candidates.map(({ durationMs }) => durationMs ?? 0),
	);
	const costs = candidates.map((candidate) => cost(candidate, slowest));
	const best = Math.min(...costs);
	const fast = candidates.filter(
		(_candidate, index) =>
			(costs[index] ?? 0) <= best * SAME_FACTOR + SAME_SLACK_MS,
	);
	const candidate = least(fast, loadShare);
	return {
		candidate,
		reason: `soonest answer (about ${Math.ceil(cost(candidate, slowest))} ms)`,
	};
};

function cost(candidate: RoutingCandidate, slowestMs: number): number {
	const { durationMs, inFlight, provider } = candidate;
	const firstMs = provider.latencyMs ?? UNKNOWN_MS;
	const answerMs = durationMs ?? (inFlight === 0 ? firstMs : slowestMs);
	return answerMs * (1 + loadShare(candidate));
}
