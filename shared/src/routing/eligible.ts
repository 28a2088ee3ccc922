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
 * The candidates worth choosing among: healthy ones with a free slot if there are any, of those the donors that have the
 * code already, else healthy ones where a call would queue, else degraded ones.
 *
 * @param full whether that node has just turned a call away, since its queue was full
 */
export function preferred(
	candidates: readonly RoutingCandidate[],
	full: (candidate: RoutingCandidate) => boolean,
): readonly RoutingCandidate[] {
	const online = candidates.filter(
		({ provider }) => provider.state === "online",
	);
	const healthy = online.length > 0 ? online : candidates;
	const open = healthy.filter((candidate) => !full(candidate));
	const known = open.length > 0 ? open : healthy;
	const free = known.filter(hasFreeSlot);
	return free.length > 0 ? prepared(free) : known;
}

/** Of donors those that need not fetch the code first, if there are any. */
function prepared(
	candidates: readonly RoutingCandidate[],
): readonly RoutingCandidate[] {
	if (!candidates[0]?.provider.donor) return candidates;
	const ready = candidates.filter(
		({ provider: { functions } }) => functions[0]?.cached === true,
	);
	return ready.length > 0 ? ready : candidates;
}
