import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { ErrorCode } from "../errors/error-codes.js";
import { CLOSE_CODES } from "../protocol/constants.js";

/** A close frame holds 125 bytes, two of them the code (RFC 6455 §5.5). */
const LONGEST_REASON_BYTES = 123;

/** The message was too big for the receiver (RFC 6455 §7.4.1). */
const MESSAGE_TOO_BIG = 1009;

const CODE_OF_ERROR: Partial<Record<ErrorCode, number>> = {
	INVALID_ARGUMENT: CLOSE_CODES.protocol,
	UNIMPLEMENTED: CLOSE_CODES.protocol,
	UNAUTHENTICATED: CLOSE_CODES.unauthenticated,
	PERMISSION_DENIED: CLOSE_CODES.denied,
	DEADLINE_EXCEEDED: CLOSE_CODES.helloTimeout,
	ALREADY_EXISTS: CLOSE_CODES.replaced,
	RESOURCE_EXHAUSTED: CLOSE_CODES.overloaded,
	UNAVAILABLE: CLOSE_CODES.restart,
};

const ERROR_OF_CODE: ReadonlyMap<number, ErrorCode> = new Map([
	[CLOSE_CODES.protocol, "INVALID_ARGUMENT"],
	[CLOSE_CODES.unauthenticated, "UNAUTHENTICATED"],
	[CLOSE_CODES.denied, "PERMISSION_DENIED"],
	[CLOSE_CODES.replaced, "ALREADY_EXISTS"],
	[CLOSE_CODES.overloaded, "RESOURCE_EXHAUSTED"],
	[MESSAGE_TOO_BIG, "RESOURCE_EXHAUSTED"],
]);

/** The close code that tells the far end about `error`; without one, that the peer leaves. */
export function closeCodeOf(error: EasyRemoteError | undefined): number {
	if (!error) return CLOSE_CODES.normal;
	return CODE_OF_ERROR[error.code] ?? CLOSE_CODES.failed;
}

/** The text that goes with it: the message, and how long to stay away where the error says so. */
export function closeReasonOf(error: EasyRemoteError | undefined): string {
	if (!error) return "";
	const wait = error.retryAfterMs;
	const suffix = wait === undefined ? "" : ` (retry after ${wait} ms)`;
	return (
		clipBytes(error.message, LONGEST_REASON_BYTES - suffix.length) + suffix
	);
}

/**
 * What a received close means: nothing when the far end left on its own accord, else the error
 * with `details.closeCode`, and `retryAfterMs` where the far end named one.
 */
export function errorOfClose(
	closeCode: number,
	reason: string,
): EasyRemoteError | undefined {
	if (closeCode === CLOSE_CODES.normal) return undefined;
	const retryAfterMs = /\(retry after (\d{1,9}) ms\)$/.exec(reason)?.[1];
	const said = reason === "" ? "" : `: ${reason}`;
	return new EasyRemoteError(
		ERROR_OF_CODE.get(closeCode) ?? "UNAVAILABLE",
		`the connection was closed by the far end or lost (${closeCode})${said}`,
		{
			details: {
				closeCode,
				...(closeCode === MESSAGE_TOO_BIG
					? { reason: "payload_too_large" }
					: {}),
			},
			...(retryAfterMs === undefined
				? {}
				: { retryAfterMs: Number(retryAfterMs) }),
		},
	);
}

/** As many whole characters as fit. */
function clipBytes(text: string, longest: number): string {
	const room = new Uint8Array(longest);
	return text.slice(0, new TextEncoder().encodeInto(text, room).read);
}
