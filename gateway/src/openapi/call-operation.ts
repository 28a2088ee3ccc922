import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { callSchemas } from "./call-schemas.js";
import type { Schema } from "./embedded-schema.js";
import { errorReferences } from "./error-responses.js";
import { plainMarkdown } from "./plain-markdown.js";

/** One function as it is called by one reference. */
export interface CalledFunction {
	/** "node.function", "function" or "bundle/function". */
	readonly reference: string;
	/** Section of the document that it belongs in. */
	readonly tag: string;
	readonly descriptor: FunctionDescriptor;
	/** Whether callers without a credential may do everything. */
	readonly open: boolean;
}

/** An operation, and the schemas in `components` that it refers to. */
export interface DescribedCall {
	readonly operation: Schema;
	readonly schemas: Readonly<Record<string, Schema>>;
}

/** Describes `POST /api/{reference}`. */
export function describeCall(called: CalledFunction): DescribedCall {
	const { reference, tag, descriptor, open } = called;
	// Components take no slash; no other reference has two dots.
	const component = reference.replace("/", "..");
	const names = {
		body: `arguments.${component}`,
		result: `result.${component}`,
	};
	const call = callSchemas(descriptor, {
		body: `${SCHEMAS}${names.body}`,
		result: `${SCHEMAS}${names.result}`,
	});
	const body = { $ref: `#${SCHEMAS}${names.body}` };
	const result = { $ref: `#${SCHEMAS}${names.result}` };
	const operation = {
		operationId: reference,
		summary: reference,
		...(descriptor.description === undefined
			? {}
			: { description: plainMarkdown(descriptor.description) }),
		tags: [tag],
		// Without an entry, tools ask for no key, and send none that is empty.
		security: open
			? []
			: descriptor.authRequired
				? [{ bearer: [] }]
				: [{}, { bearer: [] }],
		parameters: PARAMETERS,
		requestBody: {
			required: call.required,
			content: {
				"application/json": { schema: body, example: call.example },
				"application/msgpack": { schema: body },
				"application/octet-stream": {},
			},
		},
		responses: {
			200: descriptor.stream ? streamResponse(result) : valueResponse(result),
			202: { $ref: "#/components/responses/jobBegun" },
			...errorReferences,
		},
	};
	const schemas = { [names.body]: call.body, [names.result]: call.result };
	return { operation, schemas };
}

const SCHEMAS = "/components/schemas/";

/** What any call may say about itself, for `components`. */
export const callParameters = {
	args: {
		name: "args",
		in: "query",
		description:
			"Arguments behind the bytes, as a JSON array; with a body of `application/octet-stream` only.",
		content: { "application/json": { schema: { type: "array" } } },
	},
	timeout: {
		name: "x-easyremote-timeout",
		in: "header",
		description: "Time for the whole call, ms.",
		schema: { type: "integer", minimum: 1 },
	},
	quorum: {
		name: "x-easyremote-quorum",
		in: "header",
		description:
			"Equal answers wanted, each of another donor; for functions that are deterministic.",
		schema: { type: "integer", minimum: 1, maximum: 16 },
	},
	prefer: {
		name: "prefer",
		in: "header",
		description:
			"`respond-async` makes the call a job, and answers at once where it is found.",
		schema: { type: "string" },
	},
	idempotencyKey: {
		name: "idempotency-key",
		in: "header",
		description:
			"Names the intent: the same request with the same key, however often it comes, runs once.",
		schema: { type: "string", minLength: 1, maxLength: 255 },
	},
	traceparent: {
		name: "traceparent",
		in: "header",
		description: "W3C Trace Context.",
		schema: { type: "string" },
	},
};

/** What an answer says about its call, for `components`. */
export const callHeaders = {
	callId: { description: "Id of the call.", schema: { type: "string" } },
	node: {
		description: "The node that answered.",
		schema: { type: "string" },
	},
	route: { description: "Why that node.", schema: { type: "string" } },
	cache: {
		description:
			"Whether the answer was kept from an equal call, for functions that keep theirs.",
		schema: { enum: ["hit", "miss"] },
	},
};

const PARAMETERS = Object.keys(callParameters).map((name) => ({
	$ref: `#/components/parameters/${name}`,
}));

const HEADERS = {
	"x-easyremote-call-id": { $ref: "#/components/headers/callId" },
	"x-easyremote-node": { $ref: "#/components/headers/node" },
	"x-easyremote-route": { $ref: "#/components/headers/route" },
	"x-easyremote-cache": { $ref: "#/components/headers/cache" },
};

function valueResponse(result: Schema): Schema {
	const schema = {
		type: "object",
		properties: { result },
		required: ["result"],
	};
	return {
		description: "What the function returned.",
		headers: HEADERS,
		content: {
			"application/json": { schema },
			"application/msgpack": { schema },
			"application/octet-stream": {},
		},
	};
}

/** OpenAPI 3.1 has no word for a sequence of items, so the type of one stands for it where that is usual. */
function streamResponse(item: Schema): Schema {
	return {
		description:
			"What the generator yields: a `data:` line of JSON for each item, then `event: end`, or `event: error` with a problem; or a line of JSON for each.",
		headers: HEADERS,
		content: {
			"text/event-stream": { schema: { type: "string" } },
			"application/x-ndjson": { schema: item },
		},
	};
}
