import { EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import {
	boolean,
	dictionary,
	Mismatch,
	object,
	optional,
	string,
	unknown,
} from "@easyremote/shared/shapes";

/** What RFC 9457 and the gateway say of a failure. */
const problem = object({
	code: string,
	detail: string,
	hint: optional(string),
	callId: optional(string),
	retryable: optional(boolean),
	details: optional(dictionary(unknown)),
	remoteName: optional(string),
});

/** The error that a problem tells of; undefined for what is none. */
export function fromProblem(value: unknown): EasyRemoteError | undefined {
	const read = problem(value);
	if (read instanceof Mismatch) return undefined;
	const { detail: message, ...rest } = read;
	return fromWireError({ ...rest, message });
}

/** The error that an answer tells of. Something between here and the gateway may have answered in its place. */
export function errorOf(answer: {
	readonly status: number;
	readonly body: Uint8Array;
}): EasyRemoteError {
	const { status, body } = answer;
	let told: unknown;
	try {
		told = JSON.parse(new TextDecoder().decode(body));
	} catch {
		told = undefined;
	}
	return (
		fromProblem(told) ??
		new EasyRemoteError(
			status >= 500 ? "UNAVAILABLE" : "INTERNAL",
			`the answer has status ${status}, and is not the gateway's`,
			{ hint: "Check the gateway's address, and what stands between." },
		)
	);
}

/** No answer came at all. */
export function unreachable(cause: unknown): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the gateway is out of reach over HTTP",
		{
			cause,
			details: { reason: "gateway_unreachable" },
			hint: "check its address, and that it runs and may be reached from here",
		},
	);
}
