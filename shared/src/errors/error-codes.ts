/**
 * The one table of error codes. `retryable` says whether trying again can help:
 * "idempotent" means only where the function says that running twice does no harm.
 */
export const ERROR_CODES = {
	INVALID_ARGUMENT: { http: 400, retryable: false },
	UNAUTHENTICATED: { http: 401, retryable: false },
	PERMISSION_DENIED: { http: 403, retryable: false },
	NOT_FOUND: { http: 404, retryable: false },
	ALREADY_EXISTS: { http: 409, retryable: false },
	RESOURCE_EXHAUSTED: { http: 429, retryable: true },
	CANCELLED: { http: 499, retryable: false },
	FUNCTION_ERROR: { http: 500, retryable: "idempotent" },
	UNAVAILABLE: { http: 503, retryable: true },
	ABORTED: { http: 502, retryable: "idempotent" },
	DEADLINE_EXCEEDED: { http: 504, retryable: "idempotent" },
	UNIMPLEMENTED: { http: 501, retryable: false },
	INTERNAL: { http: 500, retryable: false },
} as const satisfies Record<
	string,
	{ readonly http: number; readonly retryable: boolean | "idempotent" }
>;

/** HTTP statuses that say more than the code's own, by `details.reason`. */
export const REASON_STATUS: ReadonlyMap<unknown, number> = new Map([
	["method_not_allowed", 405],
	["not_acceptable", 406],
	["payload_too_large", 413],
	["unsupported_media_type", 415],
]);

/** What went wrong, in a word that programs compare. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether `value`, perhaps from the wire, is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
	return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}
