import type { CallOutcome, CallTotals } from "../protocol/node-stats.js";

/**
 * What was counted between two looks at the same totals. Totals never fall, so one that did, at the hands of a node
 * that lies, counts as unchanged.
 */
export function totalsSince(before: CallTotals, now: CallTotals): CallTotals {
	return {
		outcomes: risenOutcomes(before.outcomes, now.outcomes),
		latency: risenPairs(before.latency, now.latency),
		sumMs: risen(before.sumMs, now.sumMs),
		bytesIn: risen(before.bytesIn, now.bytesIn),
		bytesOut: risen(before.bytesOut, now.bytesOut),
		cacheHits: risen(before.cacheHits, now.cacheHits),
		cacheMisses: risen(before.cacheMisses, now.cacheMisses),
	};
}

function risen(before: number, now: number): number {
	return Math.max(now - before, 0);
}

function risenOutcomes(
	before: CallTotals["outcomes"],
	now: CallTotals["outcomes"],
): CallTotals["outcomes"] {
	const since: CallTotals["outcomes"] = {};
	for (const [key, times] of Object.entries(now)) {
		const outcome = key as CallOutcome;
		const more = risen(before[outcome] ?? 0, times);
		if (more > 0) since[outcome] = more;
	}
	return since;
}

function risenPairs(before: readonly number[], now: readonly number[]) {
	const known = new Map<number, number>();
	for (let index = 0; index + 1 < before.length; index += 2)
		known.set(before[index] ?? 0, before[index + 1] ?? 0);
	const since: number[] = [];
	for (let index = 0; index + 1 < now.length; index += 2) {
		const bucket = now[index] ?? 0;
		const more = risen(known.get(bucket) ?? 0, now[index + 1] ?? 0);
		if (more > 0) since.push(bucket, more);
	}
	return since;
}
