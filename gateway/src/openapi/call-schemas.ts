import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { embeddedSchema, type Schema } from "./embedded-schema.js";
import { sampleValue } from "./sample-value.js";

/** What is sent to a function and what comes back, as a document shows it. */
export interface CallSchemas {
	/** The body `{args, kwargs}`. */
	readonly body: Schema;
	/** A body to begin with. */
	readonly example: Schema;
	/** Whether the function takes anything at all that may not be left out. */
	readonly required: boolean;
	/** The result, or one item of a stream. */
	readonly result: Schema;
}

/** Describes the calls of a function by what its node has announced. `homes` are JSON pointers: where the two will stand. */
export function callSchemas(
	{ input, output }: FunctionDescriptor,
	homes: { readonly body: string; readonly result: string },
): CallSchemas {
	const args = embeddedSchema(input, `${homes.body}/properties/args`);
	const items = listOf(args["prefixItems"]);
	const least = typeof args["minItems"] === "number" ? args["minItems"] : 0;
	const options = trailingOptions(items);
	const list = {
		type: "array",
		...args,
		// The last one may be given as kwargs instead.
		...(options && least === items.length ? { minItems: least - 1 } : {}),
	};
	return {
		body: {
			type: "object",
			properties: {
				args: { description: "Arguments, in order.", ...list },
				kwargs: {
					type: "object",
					description:
						"If not empty, the last argument: options of the function.",
					...options,
				},
			},
			additionalProperties: false,
		},
		example: { args: items.slice(0, least).map(sampleValue) },
		required: least > 0,
		result: embeddedSchema(output, homes.result),
	};
}

/** The last argument's schema, if that is an object, and may therefore come as kwargs. */
function trailingOptions(items: readonly unknown[]): Schema | undefined {
	const last = items.at(-1);
	return typeof last === "object" &&
		last !== null &&
		"type" in last &&
		last.type === "object"
		? last
		: undefined;
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
}
