import {
	type CallHeader,
	type CallMessage,
	parseCallMessage,
	type ValueLayout,
} from "./call-messages.js";
import { FUNCTION_NAME_PATTERN, ID_PATTERN } from "./wire-types.js";

/**
 * The headers that most calls consist of, as lists of their fields without the names, and nil for what is absent
 * (PROTOCOL.md §5): writing and reading names is most of what a header costs. The first item says which it is.
 */
const SHORT = {
	call: 0,
	accepted: 1,
	item: 2,
	response: 3,
} as const;

/** The short form of a header; undefined where it says something that has no place in one. */
export function shortHeader(
	header: CallHeader,
	value: ValueLayout | undefined,
): readonly unknown[] | undefined {
	if (value?.attachments) return undefined;
	switch (header.type) {
		case "function_call": {
			const { idempotencyKey, inputs, cache } = header;
			if (isAnyGiven(idempotencyKey, inputs, cache)) return undefined;
			return [
				SHORT.call,
				header.id,
				header.function,
				header.attempt,
				header.deadlineMs,
				header.named,
				header.accept,
				header.traceparent,
				value?.format,
				value?.length,
			];
		}
		case "accepted":
			return [SHORT.accepted, header.queuedMs, header.stream];
		case "stream_data":
			return [SHORT.item, value?.format, value?.length];
		case "function_response":
			if (isAnyGiven(header.cached, header.freshMs)) return undefined;
			return [
				SHORT.response,
				header.runMs,
				header.queuedMs,
				value?.format,
				value?.length,
			];
		default:
			return undefined;
	}
}

function isAnyGiven(...fields: readonly unknown[]): boolean {
	return fields.some((field) => field !== undefined);
}

/** As `parseCallMessage`, of a header in either form. */
export function readCallMessage(header: unknown): CallMessage {
	return Array.isArray(header)
		? readShortHeader(header)
		: parseCallMessage(header);
}

/**
 * The header that a list stands for. What is sound is told here, in a fraction of the time that the schema takes; whatever
 * else there is goes to the schema with its fields named, to be refused with a reason.
 */
function readShortHeader(list: readonly unknown[]): CallMessage {
	switch (list[0]) {
		case SHORT.call: {
			const header = {
				type: "function_call" as const,
				id: list[1],
				function: list[2],
				attempt: list[3],
				deadlineMs: given(list[4]),
				named: given(list[5]),
				accept: given(list[6]),
				traceparent: given(list[7]),
				value: layoutOf(list[8], list[9]),
			};
			return isSoundCall(header) ? header : parseCallMessage(header);
		}
		case SHORT.accepted: {
			const [, queuedMs, stream] = list;
			const type = "accepted";
			return isNumber(queuedMs) && typeof stream === "boolean"
				? { type, queuedMs, stream }
				: parseCallMessage({ type, queuedMs, stream });
		}
		case SHORT.item: {
			const type = "stream_data";
			const value = layoutOf(list[1], list[2]);
			return isSoundLayout(value)
				? { type, value }
				: parseCallMessage({ type, value });
		}
		case SHORT.response: {
			const header = {
				type: "function_response" as const,
				runMs: list[1],
				queuedMs: given(list[2]),
				value: layoutOf(list[3], list[4]),
			};
			return isSoundResponse(header) ? header : parseCallMessage(header);
		}
		default:
			return parseCallMessage(list);
	}
}

type Header<T extends CallMessage["type"]> = Extract<CallMessage, { type: T }>;
interface UnreadLayout {
	readonly format: unknown;
	readonly length: unknown;
}
/** A header whose fields may be anything. */
type Unread<H> = { readonly [F in Exclude<keyof H, "value">]?: unknown } & {
	readonly value?: UnreadLayout | undefined;
};

function isSoundCall(
	header: Unread<Header<"function_call">>,
): header is Header<"function_call"> {
	const { deadlineMs, named, accept } = header;
	return (
		matches(header.id, ID_PATTERN) &&
		matches(header.function, FUNCTION_NAME_PATTERN) &&
		isNumber(header.attempt) &&
		(deadlineMs === undefined || isNumber(deadlineMs)) &&
		(named === undefined || typeof named === "boolean") &&
		(accept === undefined || accept === "json" || accept === "msgpack") &&
		isUsualTraceparent(header.traceparent) &&
		isSoundLayout(header.value)
	);
}

function isSoundResponse(
	header: Unread<Header<"function_response">>,
): header is Header<"function_response"> {
	const { runMs, queuedMs, value } = header;
	return (
		isNumber(runMs) &&
		(queuedMs === undefined || isNumber(queuedMs)) &&
		isSoundLayout(value)
	);
}

/** How the value is laid out that a short header is followed by: without attachments. */
function layoutOf(format: unknown, length: unknown) {
	return format === null || format === undefined
		? undefined
		: { format, length };
}

function isSoundLayout(
	layout: UnreadLayout | undefined,
): layout is ValueLayout | undefined {
	if (!layout) return true;
	const { format, length } = layout;
	return (
		(format === "msgpack" || format === "json") &&
		Number.isInteger(length) &&
		(length as number) >= 0
	);
}

/** What a stranger gave, nil being nothing. */
function given(item: unknown): unknown {
	return item ?? undefined;
}

function isNumber(field: unknown): field is number {
	return typeof field === "number" && !Number.isNaN(field);
}

/** Of the length that all have today; whether it is valid, whoever reads it says. */
function isUsualTraceparent(field: unknown): boolean {
	return (
		field === undefined || (typeof field === "string" && field.length === 55)
	);
}

function matches(field: unknown, pattern: RegExp): boolean {
	return typeof field === "string" && pattern.test(field);
}
