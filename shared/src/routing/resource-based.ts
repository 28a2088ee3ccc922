import {
	loadShare,
	type RoutingCandidate,
	type Strategy,
} from "./candidate.js";
import { least } from "./least.js";
import { wantsGpu } from "./resource-needs.js";

/** What each kind of room counts for. GPUs count for functions that want one. */
const WEIGHTS = { slots: 0.5, cpu: 0.3, memory: 0.2, gpu: 0.5 } as const;

/** A node that does not report a share is taken to be half used. */
const UNKNOWN_SHARE = 0.5;

/** What a GPU that lies idle costs: work that wants none goes elsewhere while there is room. */
const WASTED_GPU = 0.15;

/** Scores this close are noise of sampling: what counts among them is who has least to do. */
const SAME_SCORE = 0.1;

/**
 * The most room: free slots, idle CPU, free memory and GPU memory, less what the node has to spare that the function
 * has no use for. Among nodes with about as much room the one with the smallest share of its slots in use, in turns,
 * so that idle twins get equal parts.
 */
export const resourceBased: Strategy = (candidates) => {
	const scored = candidates.map((candidate) => room(candidate));
	const best = Math.max(...scored);
	const roomy = candidates.filter(
		(_candidate, index) => (scored[index] ?? 0) >= best - SAME_SCORE,
	);
	const candidate = least(roomy, loadShare);
	return {
		candidate,
		reason: `most room (${Math.round(room(candidate) * 100)} %)`,
	};
};

/** Share of the node that is free, 0–1; below 0 when more is queued than it can run. */
function room(candidate: RoutingCandidate): number {
	const { provider, needs } = candidate;
	const { cpuUsage, memoryUsage, gpuUsage, gpus = 0 } = provider;
	const free =
		WEIGHTS.slots * (1 - loadShare(candidate)) +
		WEIGHTS.cpu * (1 - (cpuUsage ?? UNKNOWN_SHARE)) +
		WEIGHTS.memory * (1 - (memoryUsage ?? UNKNOWN_SHARE));
	if (!wantsGpu(needs)) return gpus > 0 ? free - WASTED_GPU : free;
	const gpuFree = 1 - (gpuUsage ?? UNKNOWN_SHARE);
	return (free + WEIGHTS.gpu * gpuFree) / (1 + WEIGHTS.gpu);
}
