import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CircuitEvent } from "./circuit.js";

/** How an attempt at a node ended. */
export interface CallOutcome {
	/** From sending it to its end, ms. */
	readonly ms: number;
	/** Why it failed, if it did. */
	readonly error: EasyRemoteError | undefined;
	/** Whether the node had taken it: what fails then with an answer is the function. */
	readonly accepted: boolean;
}

/**
 * What an outcome says of the node. Only being out of reach, lost or too late is held against it: what a function
 * throws, UNAVAILABLE included, is no fault of the node, and a full queue is none either.
 */
export function verdict({
	error,
	accepted,
}: Omit<CallOutcome, "ms">): Exclude<CircuitEvent, "sent"> {
	switch (error?.code) {
		case "ABORTED":
		case "DEADLINE_EXCEEDED":
			return "failed";
		case "UNAVAILABLE":
			return accepted ? "well" : "failed";
		case "CANCELLED":
		case "UNAUTHENTICATED":
			return "unknown";
		case "RESOURCE_EXHAUSTED":
			return accepted ? "well" : "unknown";
		default:
			return "well";
	}
}
