import type { RoutingCandidate } from "./candidate.js";

/**
 * The candidate with the smallest measures, compared one after the other; equal ones take turns.
 * An empty list is the caller's mistake and throws RangeError.
 */
export function least(
	candidates: readonly RoutingCandidate[],
	...measures: readonly ((candidate: RoutingCandidate) => number)[]
): RoutingCandidate {
	let best: RoutingCandidate | undefined;
	for (const candidate of candidates)
		if (!best || isLess(candidate, best, measures)) best = candidate;
	if (!best) throw new RangeError("there is nothing to choose from");
	return best;
}

function isLess(
	a: RoutingCandidate,
	b: RoutingCandidate,
	measures: readonly ((candidate: RoutingCandidate) => number)[],
): boolean {
	for (const measure of measures) {
		const difference = measure(a) - measure(b);
		if (difference !== 0) return difference < 0;
	}
	return a.turn < b.turn;
}
