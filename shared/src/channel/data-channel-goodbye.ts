import { EasyRemoteError } from "../errors/easyremote-error.js";
import { isErrorCode } from "../errors/error-codes.js";

const GOODBYE = "bye";

/** The last message of a side that closes a data channel: `bye`, or `bye CODE` when something failed. */
export function goodbye(error: EasyRemoteError | undefined): string {
	return error ? `${GOODBYE} ${error.code}` : GOODBYE;
}

/** What a message that is not binary means: nothing went wrong, the far end's failure, or a foreign message. */
export function errorOfGoodbye(data: unknown): EasyRemoteError | undefined {
	if (data === GOODBYE) return undefined;
	const [word, code] = typeof data === "string" ? data.split(" ", 2) : [];
	if (word === GOODBYE && isErrorCode(code)) {
		return new EasyRemoteError(
			code,
			`the far end closed the direct path because of ${code}`,
		);
	}
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the far end sent a message on the direct path that is neither binary nor a goodbye",
	);
}
