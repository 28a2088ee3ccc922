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
 * The soonest answer to be expected: how long our calls took there (before there were any, the round
 * trip gateway ↔ node), times what is already waiting. After "peak EWMA" in Finagle's load balancers.
 */
export const latencyBased: Strategy = (candidates) => {
	const best = Math.min(...candidates.map(cost));
	const fast = candidates.filter(
		(candidate) => cost(candidate) <= best * SAME_FACTOR + SAME_SLACK_MS,
	);
	const candidate = least(fast, loadShare);
	return {
		candidate,
		reason: `soonest answer (about ${Math.ceil(cost(candidate))} ms)`,
	};
};

function cost(candidate: RoutingCandidate): number {
	const answerMs =
		candidate.durationMs ?? candidate.provider.latencyMs ?? UNKNOWN_MS;
	return answerMs * (1 + loadShare(candidate));
}
