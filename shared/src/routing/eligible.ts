import type { Provider } from "../protocol/provider.js";
import { hasFreeSlot, type RoutingCandidate } from "./candidate.js";

/** Whether a node carries every one of `tags`. */
export function hasTags(
	provider: { readonly tags: readonly string[] },
	tags: readonly string[] | undefined,
): boolean {
	return tags?.every((tag) => provider.tags.includes(tag)) ?? true;
}

/** Whether new calls may go there at all: a draining node only finishes what it has. */
export function takesCalls(provider: Pick<Provider, "state">): boolean {
	return provider.state !== "draining";
}

/**
 * The candidates worth choosing among: healthy ones with a free slot if there are any, else healthy ones
 * where a call would queue, else degraded ones.
 *
 * @param failing whether the last calls to that node all failed; it comes after every other
 */
export function preferred(
	candidates: readonly RoutingCandidate[],
	failing: (candidate: RoutingCandidate) => boolean,
): readonly RoutingCandidate[] {
	const working = candidates.filter((candidate) => !failing(candidate));
	const known = working.length > 0 ? working : candidates;
	const online = known.filter(({ provider }) => provider.state === "online");
	const healthy = online.length > 0 ? online : known;
	const free = healthy.filter(hasFreeSlot);
	return free.length > 0 ? free : healthy;
}
