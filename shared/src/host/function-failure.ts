import {
	EasyRemoteError,
	isEasyRemoteError,
} from "../errors/easyremote-error.js";
import type { ErrorCode } from "../errors/error-codes.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";

/**
 * Codes with which a function may answer by throwing an EasyRemoteError. Anything else it throws is FUNCTION_ERROR:
 * the other codes say how far a call came, which is not a function's to say.
 */
const ANSWERABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	"INVALID_ARGUMENT",
	"NOT_FOUND",
	"ALREADY_EXISTS",
	"PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED",
	"UNAVAILABLE",
	"CANCELLED",
]);

export interface FailureContext {
	readonly callId: string;
	readonly idempotent: boolean;
	/** Whether callers may see stacks of this node. */
	readonly exposeStacks: boolean;
}

/**
 * What the caller is told of something that a function threw: its name and message as RemoteFunctionError, or the
 * function's own EasyRemoteError where its code is one of those a function may answer with. The call has run, so
 * only an idempotent function's failure stays retryable.
 */
export function functionFailure(
	thrown: unknown,
	context: FailureContext,
): EasyRemoteError {
	const { callId, idempotent } = context;
	if (isEasyRemoteError(thrown) && ANSWERABLE.has(thrown.code)) {
		return new EasyRemoteError(thrown.code, thrown.message, {
			hint: thrown.hint,
			details: thrown.details,
			callId,
			retryable: idempotent && thrown.retryable,
		});
	}
	const { name, message, stack } = describe(thrown);
	return new RemoteFunctionError(name, message, {
		callId,
		retryable: idempotent,
		...(context.exposeStacks && stack !== undefined
			? { remoteStack: stack }
			: {}),
	});
}

function describe(thrown: unknown): {
	name: string;
	message: string;
	stack: string | undefined;
} {
	try {
		if (thrown instanceof RemoteFunctionError) {
			return {
				name: thrown.remoteName,
				message: thrown.message,
				stack: undefined,
			};
		}
		if (typeof thrown === "object" && thrown !== null) {
			const { name, message, stack } = thrown as Record<string, unknown>;
			return {
				name: typeof name === "string" && name !== "" ? name : "Error",
				message:
					typeof message === "string"
						? message
						: `a ${typeof thrown} was thrown`,
				stack: typeof stack === "string" ? stack : undefined,
			};
		}
		return { name: "Error", message: String(thrown), stack: undefined };
	} catch {
		// Getters and toString of a thrown object may throw themselves.
		return {
			name: "Error",
			message: "the function threw something unreadable",
			stack: undefined,
		};
	}
}
