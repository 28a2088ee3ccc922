import type { EasyRemoteError } from "../../errors/easyremote-error.js";

/**
 * Whether a failure is a result like any other: the function's own error, arguments that its schema refuses, or an answer
 * that nobody can read. All else tells of the node or the way there.
 */
export function isResult({ code }: EasyRemoteError): boolean {
	return (
		code === "FUNCTION_ERROR" ||
		code === "INVALID_ARGUMENT" ||
		code === "INTERNAL"
	);
}
