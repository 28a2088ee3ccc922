import {
	noAttempt,
	type PathReport,
	type PathState,
} from "../peer/path-report.js";
import type { SessionEnd } from "../session/session-types.js";

/** How a session's direct path is doing. */
export interface DirectStatus {
	/** As `report` has it, but as of now. */
	readonly state: PathState;
	/** How it came to that, as of the latest change. */
	readonly report: PathReport;
	/**
	 * Resolves true once open; false at once in `off` and `failed`, when the attempt fails, or after
	 * `timeoutMs`. Rejects with `signal`'s reason.
	 */
	whenOpen(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
}

/** A session to one node, as the caller uses it. */
export interface CallerSession {
	/** Calls may be opened on it at once; they leave together with the opening of the session. */
	readonly session: SessionEnd;
	readonly direct: DirectStatus;
	/**
	 * Resolves when the node has taken the session; rejects with its refusal, or the session's end.
	 * Nobody has to wait for it: a refusal also fails the calls. Its rejection is already handled.
	 */
	readonly opened: Promise<void>;
}

/** Where the caller gets sessions from. `SessionPool` implements it over a `SessionOpener`. */
export interface SessionSource {
	/**
	 * The session to a node, opened now if there is none. `direct` says whether a direct path is wanted;
	 * once anybody wants one, it is negotiated in the background.
	 */
	session(nodeId: string, options: { readonly direct: boolean }): CallerSession;
}

/** The status where no direct path is ever tried, `reason` saying why not. */
export function noDirectPath(reason: string): DirectStatus {
	return {
		state: "off",
		report: noAttempt("off", reason),
		whenOpen: () => Promise.resolve(false),
	};
}
