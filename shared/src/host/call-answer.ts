import type { EncodedValue } from "../codec/encoded-value.js";
import { encodeValue } from "../codec/value-codec.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import type { CallMessageOf } from "../protocol/call-messages.js";

/**
 * Encodes what a function gave, in the format its caller asked for. Undefined takes no bytes at all.
 * Throws RemoteFunctionError (TypeError) where the value cannot be sent, naming the function and what was being sent.
 */
export function encodeAnswer(
	value: unknown,
	what: "result" | "item" | "progress data" | "log fields",
	header: CallMessageOf<"function_call">,
): EncodedValue | undefined {
	if (value === undefined) return undefined;
	try {
		return encodeValue(value, { format: header.accept });
	} catch (error) {
		throw new RemoteFunctionError(
			"TypeError",
			`the ${what} of "${header.function}" cannot be sent: ${error instanceof Error ? error.message : "unknown reason"}`,
			{ callId: header.id, cause: error },
		);
	}
}
