import { functionDescriptor } from "@easyremote/shared/protocol";
import { schemaOf } from "@easyremote/shared/shapes";
import * as v from "valibot";

/** How much is kept of a text in an error, a line of log or progress, characters. */
const MAX_TEXT = 8 * 1024;
const text = v.pipe(
	v.string(),
	v.transform((all) => all.slice(0, MAX_TEXT)),
);
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const input = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const record = v.record(v.string(), v.unknown());

const thrownError = v.object({
	name: text,
	message: text,
	stack: v.optional(text),
	wire: v.optional(
		v.object({
			code: text,
			message: text,
			hint: v.optional(text),
			callId: v.optional(text),
			details: v.optional(record),
			retryable: v.optional(v.boolean()),
			remoteName: v.optional(text),
			remoteStack: v.optional(text),
		}),
	),
});

const progress = v.object({
	fraction: v.optional(v.pipe(v.number(), v.finite())),
	message: v.optional(text),
	data: v.optional(v.unknown()),
});

const ofCall = <Type extends string>(type: Type) => ({
	type: v.literal(type),
	call: number,
});

/** A `FunctionReport` that may come from anybody. What is not in it is dropped. */
export const sandboxReport = v.variant("type", [
	v.object({
		type: v.literal("ready"),
		functions: v.pipe(v.array(schemaOf(functionDescriptor)), v.maxLength(256)),
	}),
	v.object({ type: v.literal("load_failed"), error: thrownError }),
	v.object({ type: v.literal("crashed"), error: thrownError }),
	v.object({ ...ofCall("progress"), progress }),
	v.object({ ...ofCall("log"), message: text, fields: v.optional(record) }),
	v.object({ ...ofCall("input_pull"), input }),
	v.object({ ...ofCall("input_return"), input }),
	v.object(ofCall("stream")),
	v.object({
		...ofCall("item"),
		value: v.unknown(),
		receipt: v.optional(v.number()),
	}),
	v.object({ ...ofCall("result"), value: v.unknown() }),
	v.object({ ...ofCall("failed"), error: thrownError }),
]);
