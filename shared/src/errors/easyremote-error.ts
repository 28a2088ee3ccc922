import {
	ERROR_CODES,
	type ErrorCode,
	isErrorCode,
	REASON_STATUS,
} from "./error-codes.js";

/** What an error may carry besides its code and message. */
export interface ErrorOptions {
	/** What to do next, in one sentence. */
	readonly hint?: string | undefined;
	/** The call that failed. */
	readonly callId?: string | undefined;
	/** Facts for programs: `phase`, `issues`, `limit`, … Never secrets or payload. */
	readonly details?: Readonly<Record<string, unknown>> | undefined;
	/** Overrules the code's default. */
	readonly retryable?: boolean | undefined;
	/** How long to wait before trying again, in ms. Also found in `details.retryAfterMs`. */
	readonly retryAfterMs?: number | undefined;
	readonly cause?: unknown;
}

/**
 * The error of every failure that EasyRemote itself reports.
 *
 * @example
 * try { await add(1, 2); } catch (error) {
 *   if (error instanceof EasyRemoteError && error.code === "NOT_FOUND") console.log(error.hint);
 * }
 */
export class EasyRemoteError extends Error {
	override readonly name: string = "EasyRemoteError";
	readonly code: ErrorCode;
	readonly hint: string | undefined;
	readonly callId: string | undefined;
	readonly details: Readonly<Record<string, unknown>> | undefined;
	/** Whether the same call may be tried again. */
	readonly retryable: boolean;

	constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
		super(
			message,
			options.cause === undefined ? undefined : { cause: options.cause },
		);
		this.code = code;
		this.hint = options.hint;
		this.callId = options.callId;
		this.details =
			options.retryAfterMs === undefined
				? options.details
				: { ...options.details, retryAfterMs: options.retryAfterMs };
		this.retryable = options.retryable ?? ERROR_CODES[code].retryable === true;
	}

	/** How long to wait before trying again, in ms, where the refusing side said so. */
	get retryAfterMs(): number | undefined {
		const value = this.details?.["retryAfterMs"];
		return typeof value === "number" ? value : undefined;
	}

	/** The HTTP status that stands for this error (API: the table of codes). */
	get httpStatus(): number {
		const special = REASON_STATUS.get(this.details?.["reason"]);
		return special ?? ERROR_CODES[this.code].http;
	}
}

/** Whether something is such an error, made by this copy of the package or by another that a user's module has loaded. */
export function isEasyRemoteError(thrown: unknown): thrown is EasyRemoteError {
	return (
		thrown instanceof Error &&
		thrown.name === "EasyRemoteError" &&
		"code" in thrown &&
		isErrorCode(thrown.code)
	);
}
