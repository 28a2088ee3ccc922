import { EasyRemoteError } from "./easyremote-error.js";
import { ERROR_CODES, isErrorCode } from "./error-codes.js";
import { RemoteFunctionError } from "./remote-function-error.js";

/** An error as it travels: plain data, no stack, bounded in length. */
export interface WireError {
	readonly code: string;
	readonly message: string;
	readonly hint?: string | undefined;
	readonly callId?: string | undefined;
	readonly details?: Readonly<Record<string, unknown>> | undefined;
	readonly retryable?: boolean | undefined;
	/** Only for FUNCTION_ERROR: what the function threw. */
	readonly remoteName?: string | undefined;
	readonly remoteStack?: string | undefined;
}

/** Longest text of an error that crosses the wire, in characters: bounds what a hostile message costs a log. */
const LONGEST_TEXT = 8192;

function clip<T extends string | undefined>(text: T): T;
function clip(text: string | undefined): string | undefined {
	return text && text.length > LONGEST_TEXT
		? `${text.slice(0, LONGEST_TEXT)}…`
		: text;
}

/** Turns any thrown thing into what may be sent: our own errors whole, foreign ones as INTERNAL without their text. */
export function toWireError(error: unknown): WireError {
	const known = toEasyRemoteError(error);
	const remote = known instanceof RemoteFunctionError ? known : undefined;
	return {
		code: known.code,
		message: clip(known.message),
		retryable: known.retryable,
		hint: clip(known.hint),
		callId: known.callId,
		details: known.details,
		remoteName: clip(remote?.remoteName),
		remoteStack: clip(remote?.remoteStack),
	};
}

/** Rebuilds the error at the far end. An unknown code becomes INTERNAL and is named. */
export function fromWireError(wire: WireError): EasyRemoteError {
	const options = {
		hint: wire.hint,
		callId: wire.callId,
		details: wire.details,
		retryable: wire.retryable,
	};
	if (!isErrorCode(wire.code)) {
		return new EasyRemoteError(
			"INTERNAL",
			`unknown error code "${clip(wire.code)}": ${wire.message}`,
			options,
		);
	}
	if (wire.code === "FUNCTION_ERROR") {
		return new RemoteFunctionError(wire.remoteName ?? "Error", wire.message, {
			...options,
			remoteStack: wire.remoteStack,
		});
	}
	return new EasyRemoteError(wire.code, wire.message, options);
}

/** Passes our errors through; wraps anything else as INTERNAL, kept as `cause`. */
export function toEasyRemoteError(error: unknown): EasyRemoteError {
	if (error instanceof EasyRemoteError) return error;
	return new EasyRemoteError("INTERNAL", "an unexpected error occurred", {
		cause: error,
	});
}

/** Whether a failed call may run again: it provably did not start, or it may do so twice. */
export function mayRetry(error: EasyRemoteError, idempotent: boolean): boolean {
	return (
		error.retryable ||
		(idempotent && ERROR_CODES[error.code].retryable !== false)
	);
}
