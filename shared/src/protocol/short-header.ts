import { Mismatch } from "../shapes/mismatch.js";
import type { Shape } from "../shapes/shape.js";
import {
	type CallHeader,
	type CallMessage,
	FIELDS,
	parseCallMessage,
	type ValueLayout,
} from "./call-messages.js";

/**
 * The headers that most calls consist of, as lists of their fields without the names, and nil for what is absent
 * (PROTOCOL.md §5): writing and reading names is most of what a header costs. The first item says which it is.
 */
const SHORT = {
	call: 0,
	item: 1,
	response: 2,
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
			if ((idempotencyKey ?? inputs ?? cache) !== undefined) return undefined;
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
		case "stream_data":
			return [SHORT.item, value?.format, value?.length];
		case "function_response":
			if ((header.cached ?? header.freshMs) !== undefined) return undefined;
			return [
				SHORT.response,
				inUs(header.runMs),
				inUs(header.queuedMs),
				value?.format,
				value?.length,
			];
		default:
			return undefined;
	}
}

/** As `parseCallMessage`, of a header in either form. */
export function readCallMessage(header: unknown): CallMessage {
	return Array.isArray(header)
		? readShortHeader(header)
		: parseCallMessage(header);
}

/**
 * The header that a list stands for. One that is sound is returned as it was put together, which takes less time than to
 * have the schema make another of it.
 */
function readShortHeader(list: readonly unknown[]): CallMessage {
	switch (list[0]) {
		case SHORT.call: {
			const call = {
				type: "function_call",
				id: given(list[1]),
				function: given(list[2]),
				attempt: given(list[3]),
				deadlineMs: given(list[4]),
				named: given(list[5]),
				accept: given(list[6]),
				traceparent: given(list[7]),
				value: layoutOf(list[8], list[9]),
			};
			const fields = FIELDS.function_call;
			const sound =
				fits(fields.id, call.id) &&
				fits(fields.function, call.function) &&
				fits(fields.attempt, call.attempt) &&
				mayBe(fields.deadlineMs, call.deadlineMs) &&
				mayBe(fields.named, call.named) &&
				mayBe(fields.accept, call.accept) &&
				mayBe(fields.traceparent, call.traceparent) &&
				mayBe(fields.value, call.value);
			return sound ? (call as CallMessage) : parseCallMessage(call);
		}
		case SHORT.item: {
			const item = { type: "stream_data", value: layoutOf(list[1], list[2]) };
			const sound = mayBe(FIELDS.stream_data.value, item.value);
			return sound ? (item as CallMessage) : parseCallMessage(item);
		}
		case SHORT.response: {
			const response = {
				type: "function_response",
				runMs: inMs(list[1]),
				queuedMs: inMs(list[2]),
				value: layoutOf(list[3], list[4]),
			};
			const fields = FIELDS.function_response;
			const sound =
				fits(fields.runMs, response.runMs) &&
				mayBe(fields.queuedMs, response.queuedMs) &&
				mayBe(fields.value, response.value);
			return sound ? (response as CallMessage) : parseCallMessage(response);
		}
		default:
			return parseCallMessage(list);
	}
}

/** Nil is nothing. */
function given(item: unknown): unknown {
	return item ?? undefined;
}

/** How the value behind a short header is laid out: without attachments. */
function layoutOf(format: unknown, length: unknown) {
	return given(format) === undefined
		? undefined
		: { format, length: given(length) };
}

function fits(shape: Shape<unknown>, value: unknown): boolean {
	return !(shape(value) instanceof Mismatch);
}

function mayBe(shape: Shape<unknown>, value: unknown): boolean {
	return value === undefined || fits(shape, value);
}

/** Times travel as whole µs, in two or three bytes instead of nine. */
function inUs(ms: number | undefined): number | undefined {
	return ms && Math.round(ms * 1000);
}

function inMs(us: unknown): unknown {
	return typeof us === "number" ? us / 1000 : given(us);
}
