import type { Strategy } from "./candidate.js";
import { least } from "./least.js";

/** Each in turn: whoever was chosen longest ago. A newcomer is next. */
export const roundRobin: Strategy = (candidates) => ({
	candidate: least(candidates),
	reason: "next in turn",
});
