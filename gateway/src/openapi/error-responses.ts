/** Kinds of failure of a call that a caller should know of, by HTTP status. */
const FAILURES = {
	400: "The request or its arguments are malformed, or against the function's schema; `details.issues` names the places.",
	401: "No credential, or one that is unknown, expired or revoked.",
	403: "The credential has no grant for this.",
	404: "No such function or node.",
	406: "The request accepts no form of answer that there is.",
	409: "The idempotency key came with another request before; or the job is not over yet.",
	413: "The body is too large.",
	415: "The body is of a type that is not taken.",
	429: "Too many calls; `retry-after` says when to try again.",
	500: "The function threw (FUNCTION_ERROR), or the gateway has a bug (INTERNAL).",
	502: "The node was lost after it had begun.",
	503: "No node is online, or all are busy.",
	504: "Out of time; `details.phase` says where: queued, connecting or running.",
} as const;

/** The responses that every call may have, for `components`. */
export const errorResponses = Object.fromEntries(
	Object.entries(FAILURES).map(([status, description]) => [
		`error${status}`,
		{
			description,
			content: {
				"application/problem+json": {
					schema: { $ref: "#/components/schemas/problem" },
				},
			},
		},
	]),
);

/** The same as an operation refers to them. */
export const errorReferences = Object.fromEntries(
	Object.keys(FAILURES).map((status) => [
		status,
		{ $ref: `#/components/responses/error${status}` },
	]),
);

/** Schema of an error (RFC 9457 and this gateway's members). */
export const problemSchema = {
	type: "object",
	description: "RFC 9457",
	properties: {
		type: { type: "string", const: "about:blank" },
		title: { type: "string" },
		status: { type: "integer" },
		code: {
			type: "string",
			description: "What went wrong, for programs.",
			examples: ["INVALID_ARGUMENT"],
		},
		detail: { type: "string", description: "What went wrong, for people." },
		hint: { type: "string", description: "What to do next." },
		callId: { type: "string" },
		retryable: {
			type: "boolean",
			description: "Whether the same call may be tried again.",
		},
		details: { type: "object", description: "Facts for programs." },
		remoteName: {
			type: "string",
			description: "The `name` of what the function threw.",
		},
	},
	required: ["type", "title", "status", "code", "detail", "retryable"],
};
