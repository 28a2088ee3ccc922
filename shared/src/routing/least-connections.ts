import type { Strategy } from "./candidate.js";
import { least } from "./least.js";

/** The fewest calls running and queued; equal ones take turns. */
export const leastConnections: Strategy = (candidates) => {
	const candidate = least(candidates, ({ load }) => load);
	return { candidate, reason: `fewest calls (${candidate.load})` };
};
