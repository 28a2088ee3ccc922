import {
	EasyRemoteError,
	fromWireError,
	isErrorCode,
	toWireError,
} from "@easyremote/shared/errors";
import type { ThrownRecord } from "./worker-messages.js";

/** Describes something thrown so that it can cross to another thread. */
export function recordThrown(thrown: unknown): ThrownRecord {
	if (thrown instanceof Error) {
		const { name, message, stack } = thrown;
		const wire = isEasyRemoteError(thrown)
			? toWireError(own(thrown))
			: undefined;
		return { name, message, stack, wire };
	}
	return {
		name: "Error",
		message: describe(thrown),
		stack: undefined,
		wire: undefined,
	};
}

/** The error that a record stands for. */
export function thrownFrom(record: ThrownRecord): Error {
	if (record.wire) return fromWireError(record.wire);
	const error = new Error(record.message);
	error.name = record.name;
	if (record.stack !== undefined) error.stack = record.stack;
	return error;
}

/** Looks at the shape, since a function's module may have loaded its own copy of the package. */
function isEasyRemoteError(error: Error): error is EasyRemoteError {
	return (
		error.name === "EasyRemoteError" &&
		"code" in error &&
		isErrorCode(error.code)
	);
}

/** An error of another copy's class, as one of ours. */
function own(error: EasyRemoteError): EasyRemoteError {
	if (error instanceof EasyRemoteError) return error;
	const { code, message, hint, details, retryable } = error as EasyRemoteError;
	return new EasyRemoteError(code, message, { hint, details, retryable });
}

function describe(thrown: unknown): string {
	try {
		if (typeof thrown === "object" && thrown !== null && "message" in thrown)
			return String(thrown.message);
		return String(thrown);
	} catch {
		// toString and getters of a thrown object may throw themselves.
		return "the function threw something unreadable";
	}
}
