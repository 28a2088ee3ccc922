import {
	type EasyRemoteError,
	RemoteFunctionError,
	toEasyRemoteError,
} from "@easyremote/shared/errors";

/** The media type of an error (RFC 9457). */
export const PROBLEM_TYPE = "application/problem+json";

/** An error as HTTP shows it: the members of RFC 9457, and ours. Never a stack. */
export interface Problem {
	readonly type: "about:blank";
	/** The code in words. */
	readonly title: string;
	readonly status: number;
	readonly code: string;
	readonly detail: string;
	readonly hint?: string;
	readonly callId?: string;
	readonly retryable: boolean;
	readonly details?: Readonly<Record<string, unknown>>;
	/** For FUNCTION_ERROR: the `name` of what the function threw. */
	readonly remoteName?: string;
}

/** Describes an error for an HTTP caller. A foreign one becomes INTERNAL, without its text. */
export function toProblem(error: unknown, callId?: string): Problem {
	const known = toEasyRemoteError(error);
	const id = known.callId ?? callId;
	return {
		type: "about:blank",
		title: title(known),
		status: known.httpStatus,
		code: known.code,
		detail: known.message,
		...(known.hint === undefined ? {} : { hint: known.hint }),
		...(id === undefined ? {} : { callId: id }),
		retryable: known.retryable,
		...(known.details === undefined ? {} : { details: known.details }),
		...(known instanceof RemoteFunctionError
			? { remoteName: known.remoteName }
			: {}),
	};
}

/** Answers with an error. */
export function problemResponse(
	error: unknown,
	headers: Readonly<Record<string, string>> = {},
	callId?: string,
): Response {
	const known = toEasyRemoteError(error);
	const problem = toProblem(known, callId);
	const retryAfterMs = known.retryAfterMs;
	return new Response(JSON.stringify(problem), {
		status: problem.status,
		headers: {
			...headers,
			"content-type": PROBLEM_TYPE,
			"cache-control": "no-store",
			...(problem.callId === undefined
				? {}
				: { "x-easyremote-call-id": problem.callId }),
			...(retryAfterMs === undefined
				? {}
				: { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
			...(problem.status === 401
				? { "www-authenticate": 'Bearer realm="easyremote"' }
				: {}),
		},
	});
}

function title(error: EasyRemoteError): string {
	const words = error.code.toLowerCase().replaceAll("_", " ");
	return words.charAt(0).toUpperCase() + words.slice(1);
}
