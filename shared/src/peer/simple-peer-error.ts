import type { AttemptEnd } from "./path-diagnosis.js";

/** What an error of simple-peer says about the attempt that it ends. */
export function endedBy(error: Error): AttemptEnd {
	switch ("code" in error ? error.code : undefined) {
		case "ERR_ICE_CONNECTION_FAILURE":
		case "ERR_CONNECTION_FAILURE":
			return { kind: "ice_failed" };
		case "ERR_SET_REMOTE_DESCRIPTION":
		case "ERR_ADD_ICE_CANDIDATE":
			return { kind: "description_refused", message: error.message };
		default:
			return { kind: "failed", message: error.message };
	}
}
