import type { Strategy } from "./candidate.js";

/**
 * The first as listed. It is how the gateway's own, user-written strategy reaches clients, who cannot run
 * it: the gateway sends the providers in the order that strategy prefers them.
 */
export const ordered: Strategy = (candidates) => {
	const [candidate] = candidates;
	if (!candidate) throw new RangeError("there is nothing to choose from");
	return { candidate, reason: "first in the gateway's order" };
};
