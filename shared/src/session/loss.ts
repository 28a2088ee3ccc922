import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { SessionCall } from "./call.js";

/**
 * What a caller is told of a call whose session ended under it. Only a call of which nothing had
 * left, or that came to an end which had finished its work, provably did not start; another one that was
 * sent and not answered may be running, so it is not tried again by itself.
 */
export function lossOf(
	call: SessionCall,
	cause: EasyRemoteError | undefined,
): EasyRemoteError {
	if (cause && cause.code !== "UNAVAILABLE") return cause;
	const why = cause ? `: ${cause.message}` : "";
	if (call.in.received > 0) {
		return new EasyRemoteError(
			"ABORTED",
			`the node was lost after it had accepted the call${why}`,
			{
				cause,
				hint: "the function may have run; retry only what is idempotent",
			},
		);
	}
	const left = call.out.furthest > 0;
	// An end that took its leave in order has answered all calls that it knew of.
	const started =
		left && cause?.details?.["started"] !== "no" ? "unknown" : "no";
	return new EasyRemoteError(
		"UNAVAILABLE",
		left
			? `the node was lost before it accepted the call${why}`
			: `the node could not be reached${why}`,
		{
			cause,
			details: { ...cause?.details, started },
			retryable: started === "no",
		},
	);
}

/** What a node's function is told when its caller is gone. */
export function callerGone(
	cause: EasyRemoteError | undefined,
): EasyRemoteError {
	return new EasyRemoteError("CANCELLED", "the caller went away", { cause });
}
