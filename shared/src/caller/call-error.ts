import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";

/** Any failure of a call as an error of ours that carries the call's id. One that carries an id already stays as it is. */
export function asCallError(reason: unknown, callId: string): EasyRemoteError {
	const error = toEasyRemoteError(reason);
	if (error.callId !== undefined) return error;
	const options = {
		hint: error.hint,
		details: error.details,
		retryable: error.retryable,
		callId,
		cause: error.cause,
	};
	if (error instanceof RemoteFunctionError) {
		return new RemoteFunctionError(error.remoteName, error.message, {
			...options,
			remoteStack: error.remoteStack,
		});
	}
	return new EasyRemoteError(error.code, error.message, options);
}

/** What a call ends with when its caller no longer wants it. `reason` is kept as `cause`. */
export function cancelled(reason: unknown, callId: string): EasyRemoteError {
	if (reason instanceof EasyRemoteError) return asCallError(reason, callId);
	const why =
		reason instanceof Error && reason.name !== "AbortError"
			? `: ${reason.message}`
			: typeof reason === "string"
				? `: ${reason}`
				: "";
	return new EasyRemoteError(
		"CANCELLED",
		`the caller cancelled the call${why}`,
		{ callId, cause: reason },
	);
}
