import { EasyRemoteError } from "../errors/easyremote-error.js";
import { list, object, optional, tagged } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import {
	boolean,
	either,
	number,
	numberFrom,
	oneOf,
	type Shaped,
	wholeNumber,
} from "../shapes/shape.js";
import { PROBE_FUNCTION } from "./probe.js";
import { functionName, id, text, wireError } from "./wire-types.js";

/** How the value that follows a header is laid out. */
export const valueLayout = object({
	format: oneOf("msgpack", "structured", "json", "bytes"),
	/** Length of the encoded body on the wire, bytes. */
	length: wholeNumber(),
	/** Lengths of the raw buffers behind the body, bytes. */
	attachments: optional(list(wholeNumber(), 65_536)),
});

const value = optional(valueLayout);

/** What caller and node say to each other within one call, by type. PROTOCOL.md §5 has the order. */
export const CALL_FIELDS = {
	function_call: {
		/** Global id of the call. */
		id,
		function: either(functionName, oneOf(PROBE_FUNCTION)),
		/** Time left, ms; absent is none. */
		deadlineMs: optional(number),
		attempt: number,
		idempotencyKey: optional(text),
		/** W3C trace context. */
		traceparent: optional(text),
		/** REST: the value is `{args, kwargs}` instead of an array of arguments. */
		named: optional(boolean),
		/** Positions of arguments that arrive as `input_data`. */
		inputs: optional(list(number, 64)),
		/** False: run the function, whatever answers are kept. */
		cache: optional(boolean),
		/** Format wanted for the answer. */
		accept: optional(oneOf("msgpack", "structured", "json")),
		value,
	},
	input_data: { index: number, value },
	input_end: { index: number, error: optional(wireError) },
	accepted: {
		/** Time spent waiting for a slot, ms. */
		queuedMs: number,
		/** The answer comes as `stream_data` items. */
		stream: boolean,
	},
	progress: {
		/** 0–1. */
		fraction: optional(number),
		message: optional(text),
		value,
	},
	log: { message: text, value },
	stream_data: { value },
	function_response: {
		runMs: number,
		/** In place of `accepted`, where the answer was there at once. */
		queuedMs: optional(number),
		/** The function was not run for this call: the answer is another call's of the same principal. */
		cached: optional(boolean),
		/** The function keeps its answers: how long this one may be given again, ms. */
		freshMs: optional(numberFrom(0)),
		value,
	},
	error: { error: wireError },
} as const;

const callMessage = tagged("type", CALL_FIELDS);

/** A validated header of a record. */
export type CallMessage = Shaped<typeof callMessage>;
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
export type ValueLayout = Shaped<typeof valueLayout>;

/** Reads a header from a stranger. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function parseCallMessage(value: unknown): CallMessage {
	const read = callMessage(value);
	if (!(read instanceof Mismatch)) return read;
	if (read.path[0] === "type")
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"a call message of unknown type",
			{ hint: "both ends must speak the same protocol version" },
		);
	const { type } = value as CallMessage;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`malformed ${type} at ${String(read)}`,
	);
}
