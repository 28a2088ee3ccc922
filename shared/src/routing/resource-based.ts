import {
	loadShare,
	type RoutingCandidate,
	type Strategy,
} from "./candidate.js";
import { least } from "./least.js";

/** What each kind of room counts for; together 1. */
const WEIGHTS = { slots: 0.5, cpu: 0.3, memory: 0.2 } as const;

/** A node that does not report a share is taken to be half used. */
const UNKNOWN_SHARE = 0.5;

/** Scores this close are noise of sampling: what counts among them is who has least to do. */
const SAME_SCORE = 0.1;

/**
 * The most room: free slots, idle CPU, free memory. Among nodes with about as much room the one with
 * the smallest share of its slots in use, in turns, so that idle twins get equal parts.
 */
export const resourceBased: Strategy = (candidates) => {
	const best = Math.max(...candidates.map(room));
	const roomy = candidates.filter(
		(candidate) => room(candidate) >= best - SAME_SCORE,
	);
	const candidate = least(roomy, loadShare);
	return {
		candidate,
		reason: `most room (${Math.round(room(candidate) * 100)} %)`,
	};
};

/** Share of the node that is free, 0–1; below 0 when more is queued than it can run. */
function room(candidate: RoutingCandidate): number {
	const { cpuUsage, memoryUsage } = candidate.provider;
	return (
		WEIGHTS.slots * (1 - loadShare(candidate)) +
		WEIGHTS.cpu * (1 - (cpuUsage ?? UNKNOWN_SHARE)) +
		WEIGHTS.memory * (1 - (memoryUsage ?? UNKNOWN_SHARE))
	);
}
