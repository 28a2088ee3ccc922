import { EasyRemoteError } from "@easyremote/shared/errors";
import type { JobRecord } from "../store/job-record.js";

/** The first pause before a job is tried again, ms; it doubles from there … */
const FIRST_PAUSE_MS = 250;
/** … up to this. */
const LONGEST_PAUSE_MS = 5_000;

/** What is known of a try that failed. Times in ms, on one scale. */
export interface FailedTry {
	readonly error: EasyRemoteError;
	readonly mayHaveStarted: boolean;
	/** Tries so far, this one included. */
	readonly tries: number;
	readonly now: number;
	readonly deadlineAt: number;
	/** Since when no node has been there to run it; undefined if one was. */
	readonly absentSince: number | undefined;
	readonly waitForNodeMs: number;
}

/** Whether there is nobody at present who could run it, be it that nobody is known. */
export function nobodyThere({ code, retryAfterMs }: EasyRemoteError): boolean {
	return (
		code === "NOT_FOUND" ||
		(code === "UNAVAILABLE" && retryAfterMs === undefined)
	);
}

/**
 * How long until a job is tried again, ms; undefined if it has failed. It is only if its function provably did not run:
 * idempotent ones the caller has repeated already. A job that waits for a busy node does so until its deadline.
 */
export function pauseAfter(failed: FailedTry): number | undefined {
	const { error, mayHaveStarted, tries, now, deadlineAt } = failed;
	if (mayHaveStarted) return undefined;
	const pause = Math.max(
		error.retryAfterMs ?? 0,
		Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS),
	);
	if (now + pause >= deadlineAt) return undefined;
	if (nobodyThere(error)) {
		const since = failed.absentSince ?? now;
		return now - since < failed.waitForNodeMs ? pause : undefined;
	}
	return error.retryable && error.httpStatus !== 413 ? pause : undefined;
}

/** What becomes of a job that was not over when the gateway's process ended. */
export type AfterRestart =
	| { readonly kind: "run" }
	| { readonly kind: "forget" }
	| { readonly kind: "fail"; readonly error: EasyRemoteError };

/**
 * Runs again what provably did not start, or may run twice; says of the rest that nobody knows. A mere call has nobody left
 * who waits for it: its caller's next try runs it.
 */
export function afterRestart({
	kind,
	status,
	idempotent,
}: JobRecord): AfterRestart {
	const mayRun = status === "queued" || idempotent;
	if (mayRun) return { kind: kind === "job" ? "run" : "forget" };
	return {
		kind: "fail",
		error: new EasyRemoteError(
			"ABORTED",
			"the gateway was restarted while this ran: it may or may not have come to its end",
			{
				hint: "Ask for it anew only if running it twice does no harm, or register the function as idempotent.",
			},
		),
	};
}
