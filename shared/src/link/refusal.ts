import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { ErrorCode } from "../errors/error-codes.js";
import { CLOSE_CODES } from "../protocol/constants.js";

const FINAL_CLOSE_CODES: ReadonlySet<unknown> = new Set([
	CLOSE_CODES.unauthenticated,
	CLOSE_CODES.denied,
	CLOSE_CODES.replaced,
]);

/** Answers to `hello` that will be the same next time. */
const FINAL_ANSWERS: ReadonlySet<ErrorCode> = new Set([
	"UNAUTHENTICATED",
	"PERMISSION_DENIED",
	"ALREADY_EXISTS",
	"INVALID_ARGUMENT",
	"UNIMPLEMENTED",
]);

/** Whether an established connection ended with a word of the gateway after which trying again is in vain. */
export function isFinalClose(error: EasyRemoteError): boolean {
	return FINAL_CLOSE_CODES.has(error.details?.["closeCode"]);
}

/** Whether the gateway's `error` answer to `hello` settles the matter. */
export function isFinalAnswer(error: EasyRemoteError): boolean {
	return FINAL_ANSWERS.has(error.code);
}
