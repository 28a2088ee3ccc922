import type { CandidateCounts } from "./candidate-counts.js";
import type { IceServerReport } from "./ice-server-report.js";
import type { AttemptFacts, PathTrouble } from "./path-diagnosis.js";

/** `off`: not wanted, not possible, or over. The others as they say; `failed` tries again later by itself. */
export type PathState = "off" | "connecting" | "open" | "failed";

/** Why a session is where it is: what was tried for a direct path, and what came of it. */
export interface PathReport {
	readonly state: PathState;
	/** Why there is none, in a line for people. Undefined while open, and before anything failed. */
	readonly reason: string | undefined;
	/** What would help. */
	readonly fix: string | undefined;
	/** Candidates of the latest attempt. */
	readonly candidates: {
		readonly local: CandidateCounts;
		readonly remote: CandidateCounts;
	};
	/** STUN and TURN servers of the latest attempt. */
	readonly servers: readonly IceServerReport[];
	/** How many attempts there were; 0 is none. */
	readonly attempt: number;
	/** How long the latest attempt took, ms. */
	readonly ms: number;
}

/** Longest line that is made of a report: parts of it are the far end's words. */
const LONGEST_LINE = 500;

/** The report of a session that never made an attempt. */
export function noAttempt(state: PathState, reason?: string): PathReport {
	return pathReport(state, { reason, fix: undefined }, 0, undefined);
}

/** Puts a report together. */
export function pathReport(
	state: PathState,
	trouble: Pick<PathReport, "reason" | "fix">,
	attempt: number,
	facts: AttemptFacts | undefined,
): PathReport {
	return {
		state,
		reason: trouble.reason,
		fix: trouble.fix,
		candidates: { local: facts?.local ?? {}, remote: facts?.remote ?? {} },
		servers: facts?.servers ?? [],
		attempt,
		ms: facts?.ms ?? 0,
	};
}

/**
 * Why a call on the relay did not go directly, in one line: "REASON; FIX".
 * Undefined where there is nothing to explain: before anything was tried or asked for.
 */
export function whyNotDirect(report: PathReport): string | undefined {
	const { state, reason, fix } = report;
	if (state === "open")
		return "the direct path opened after this call had begun";
	if (state === "connecting" && reason === undefined)
		return "the direct path was still being opened";
	if (reason === undefined) return undefined;
	return joinTrouble({ reason, fix });
}

/** "REASON; FIX", of bounded length and without line breaks. */
export function joinTrouble({ reason, fix }: PathTrouble): string {
	const line = fix === undefined ? reason : `${reason}; ${fix}`;
	return line.replace(/\p{Cc}+/gu, " ").slice(0, LONGEST_LINE);
}
