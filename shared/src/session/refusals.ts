import { EasyRemoteError } from "../errors/easyremote-error.js";

/** A call came to an end that serves none. */
export function unexpectedCall(): EasyRemoteError {
	return new EasyRemoteError("UNIMPLEMENTED", "this end takes no calls");
}

/** A call came to an end that has all it allows. */
export function tooManyCalls(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"too many calls are open in this session already",
		{ retryAfterMs: 1_000 },
	);
}

/** A call is attached that this end has given up. */
export function forgottenCall(): EasyRemoteError {
	return new EasyRemoteError(
		"ABORTED",
		"the call is not known at the node any more",
		{ hint: "its caller was out of reach for too long" },
	);
}

/** A call is to go on from an offset that was never reached. */
export function impossiblePosition(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the other end claims to have bytes that were never sent",
	);
}
