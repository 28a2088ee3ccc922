import * as v from "valibot";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROBE_FUNCTION } from "./probe.js";
import { isUsualCallMessage } from "./usual-call-message.js";
import { functionName, id, text, wireError } from "./wire-types.js";

/** How the value that follows a header is laid out. */
const valueLayout = v.object({
	format: v.picklist(["msgpack", "structured", "json", "bytes"]),
	/** Length of the encoded body on the wire, bytes. */
	length: v.pipe(v.number(), v.integer(), v.minValue(0)),
	/** Lengths of the raw buffers behind the body, bytes. */
	attachments: v.optional(
		v.pipe(
			v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
			v.maxLength(65_536),
		),
	),
});

const value = v.optional(valueLayout);

/**
 * What caller and node say to each other within one call, by type. PROTOCOL.md §5 has the order.
 * A table rather than a variant: looking the type up is several times faster than trying each.
 */
const callMessages = {
	function_call: v.object({
		type: v.literal("function_call"),
		/** Global id of the call. */
		id,
		function: v.union([functionName, v.literal(PROBE_FUNCTION)]),
		/** Time left, ms; absent is none. */
		deadlineMs: v.optional(v.number()),
		attempt: v.number(),
		idempotencyKey: v.optional(text),
		/** W3C trace context. */
		traceparent: v.optional(text),
		/** REST: the value is `{args, kwargs}` instead of an array of arguments. */
		named: v.optional(v.boolean()),
		/** Positions of arguments that arrive as `input_data`. */
		inputs: v.optional(v.pipe(v.array(v.number()), v.maxLength(64))),
		/** False: run the function, whatever answers are kept. */
		cache: v.optional(v.boolean()),
		/** Format wanted for the answer. */
		accept: v.optional(v.picklist(["msgpack", "structured", "json"])),
		value,
	}),
	input_data: v.object({
		type: v.literal("input_data"),
		index: v.number(),
		value,
	}),
	input_end: v.object({
		type: v.literal("input_end"),
		index: v.number(),
		error: v.optional(wireError),
	}),
	accepted: v.object({
		type: v.literal("accepted"),
		/** Time spent waiting for a slot, ms. */
		queuedMs: v.number(),
		/** The answer comes as `stream_data` items. */
		stream: v.boolean(),
	}),
	progress: v.object({
		type: v.literal("progress"),
		/** 0–1. */
		fraction: v.optional(v.number()),
		message: v.optional(text),
		value,
	}),
	log: v.object({ type: v.literal("log"), message: text, value }),
	stream_data: v.object({ type: v.literal("stream_data"), value }),
	function_response: v.object({
		type: v.literal("function_response"),
		runMs: v.number(),
		/** In place of `accepted`, where the answer was there at once. */
		queuedMs: v.optional(v.number()),
		/** The function was not run for this call: the answer is another call's of the same principal. */
		cached: v.optional(v.boolean()),
		/** The function keeps its answers: how long this one may be given again, ms. */
		freshMs: v.optional(v.pipe(v.number(), v.minValue(0))),
		value,
	}),
	error: v.object({ type: v.literal("error"), error: wireError }),
};

/** A validated header of a record. */
export type CallMessage = {
	[T in keyof typeof callMessages]: v.InferOutput<(typeof callMessages)[T]>;
}[keyof typeof callMessages];
export type CallMessageType = CallMessage["type"];
export type CallMessageOf<T extends CallMessageType> = Extract<
	CallMessage,
	{ type: T }
>;
/** A header without the layout of its value, which the session fills in. */
export type CallHeader = CallMessage extends infer M
	? M extends CallMessage
		? Omit<M, "value">
		: never
	: never;
export type ValueLayout = v.InferOutput<typeof valueLayout>;

/** Reads a header from a stranger. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function parseCallMessage(value: unknown): CallMessage {
	if (isUsualCallMessage(value)) return value as CallMessage;
	const type = v.is(typed, value) ? value.type : undefined;
	if (type === undefined || !isCallMessageType(type)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"a call message of unknown type",
			{ hint: "both ends must speak the same version of the protocol" },
		);
	}
	const result = v.safeParse(callMessages[type], value);
	if (result.success) return result.output;
	const [issue] = result.issues;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`malformed ${type} at ${v.getDotPath(issue) ?? "top level"}: ${issue.message}`,
	);
}

const typed = v.object({ type: v.string() });

function isCallMessageType(type: string): type is CallMessageType {
	return Object.hasOwn(callMessages, type);
}
