import {
	EasyRemoteError,
	fromWireError,
	isErrorCode,
	toWireError,
} from "@easyremote/shared/errors";
import type { ThrownError } from "./function-port.js";

/** Describes anything thrown so that it can be posted. Never throws itself. */
export function describeThrown(thrown: unknown): ThrownError {
	try {
		if (isEasyRemoteError(thrown)) {
			return {
				name: thrown.name,
				message: thrown.message,
				wire: toWireError(thrown),
			};
		}
		if (typeof thrown === "object" && thrown !== null) {
			const { name, message, stack } = thrown as Record<string, unknown>;
			return {
				name: typeof name === "string" && name !== "" ? name : "Error",
				message:
					typeof message === "string"
						? message
						: "the function threw an object without a message",
				...(typeof stack === "string" ? { stack } : {}),
			};
		}
		return { name: "Error", message: String(thrown) };
	} catch {
		// Getters and toString of a thrown object may throw themselves.
		return {
			name: "Error",
			message: "the function threw something unreadable",
		};
	}
}

/** Rebuilds what `describeThrown` described. */
export function rebuildThrown(described: ThrownError): Error {
	if (described.wire) return fromWireError(described.wire);
	const error = new Error(described.message);
	error.name = described.name;
	if (described.stack !== undefined) error.stack = described.stack;
	return error;
}

/** Looks at the shape, since a module may have loaded its own copy of the class. */
function isEasyRemoteError(thrown: unknown): thrown is EasyRemoteError {
	if (thrown instanceof EasyRemoteError) return true;
	return (
		thrown instanceof Error &&
		thrown.name === "EasyRemoteError" &&
		"code" in thrown &&
		isErrorCode(thrown.code)
	);
}
