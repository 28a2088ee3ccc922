import {
	type CallHeader,
	type CallMessage,
	checkCallMessage,
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

/** The header that a list stands for. */
function readShortHeader(list: readonly unknown[]): CallMessage {
	// Nil is nothing.
	const items = list.map((item) => item ?? undefined);
	switch (items[0]) {
		case SHORT.call:
			return checkCallMessage({
				type: "function_call",
				id: items[1],
				function: items[2],
				attempt: items[3],
				deadlineMs: items[4],
				named: items[5],
				accept: items[6],
				traceparent: items[7],
				value: layoutOf(items[8], items[9]),
			});
		case SHORT.item:
			return checkCallMessage({
				type: "stream_data",
				value: layoutOf(items[1], items[2]),
			});
		case SHORT.response:
			return checkCallMessage({
				type: "function_response",
				runMs: inMs(items[1]),
				queuedMs: inMs(items[2]),
				value: layoutOf(items[3], items[4]),
			});
		default:
			return parseCallMessage(list);
	}
}

/** How the value behind a short header is laid out: without attachments. */
function layoutOf(format: unknown, length: unknown) {
	return format === undefined ? undefined : { format, length };
}

/** Times travel as whole µs, in two or three bytes instead of nine. */
function inUs(ms: number | undefined): number | undefined {
	return ms && Math.round(ms * 1000);
}

function inMs(us: unknown): unknown {
	return typeof us === "number" ? us / 1000 : us;
}
