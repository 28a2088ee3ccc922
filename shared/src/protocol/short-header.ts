import { PlainReader } from "../codec/plain-reader.js";
import { Mismatch } from "../shapes/mismatch.js";
import type { Shape } from "../shapes/shape.js";
import {
	CALL_FIELDS,
	type CallHeader,
	type CallMessage,
	parseCallMessage,
	type ValueLayout,
	valueLayout,
} from "./call-messages.js";
import { PROTOCOL } from "./constants.js";

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

/** Reads the header of a record in either form. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function readCallMessage(bytes: Uint8Array): CallMessage {
	const reader = new HeaderReader(bytes, HEADER_LIMITS);
	const header = reader.read();
	return reader.sound ? (header as CallMessage) : parseCallMessage(header);
}

const HEADER_LIMITS = { maxDepth: PROTOCOL.envelopeDepth };
const { function_call: CALL, function_response: RESPONSE } = CALL_FIELDS;
const LAYOUT = valueLayout.fields;

/** Makes the header that a list stands for while reading it, and checks each field as the schema would. */
class HeaderReader extends PlainReader {
	/** Whether it was such a list, and nothing was wrong with it. */
	sound = false;
	#left = 0;

	protected override list(length: number, depth: number): unknown {
		if (depth > 0) return super.list(length, depth);
		this.enterList(length, depth);
		this.#left = length;
		this.sound = true;
		const header = this.#header();
		// Whatever a later version may add.
		while (this.#left > 0) this.#item();
		return header;
	}

	/** Fields are read in the order in which they stand here, which is that of the list. */
	#header(): object | undefined {
		switch (this.#item()) {
			case SHORT.call:
				return {
					type: "function_call",
					id: this.#field(CALL.id),
					function: this.#field(CALL.function),
					attempt: this.#field(CALL.attempt),
					deadlineMs: this.#field(CALL.deadlineMs),
					named: this.#field(CALL.named),
					accept: this.#field(CALL.accept),
					traceparent: this.#field(CALL.traceparent),
					value: this.#layout(),
				};
			case SHORT.item:
				return { type: "stream_data", value: this.#layout() };
			case SHORT.response:
				return {
					type: "function_response",
					runMs: this.#checked(RESPONSE.runMs, inMs(this.#item())),
					queuedMs: this.#checked(RESPONSE.queuedMs, inMs(this.#item())),
					value: this.#layout(),
				};
			default:
				this.sound = false;
				return undefined;
		}
	}

	/** How the value behind it is laid out: without attachments. */
	#layout(): unknown {
		const format = this.#item();
		const length = this.#item();
		if (format === undefined) return undefined;
		return {
			format: this.#checked(LAYOUT.format, format),
			length: this.#checked(LAYOUT.length, length),
		};
	}

	#field(shape: Shape<unknown>): unknown {
		return this.#checked(shape, this.#item());
	}

	#checked(shape: Shape<unknown>, value: unknown): unknown {
		if (shape(value) instanceof Mismatch) this.sound = false;
		return value;
	}

	/** The next item; nil is nothing, and so is what is not there. */
	#item(): unknown {
		if (this.#left === 0) return undefined;
		this.#left -= 1;
		return this.value(1) ?? undefined;
	}
}

/** Times travel as whole µs, in two or three bytes instead of nine. */
function inUs(ms: number | undefined): number | undefined {
	return ms && Math.round(ms * 1000);
}

function inMs(us: unknown): unknown {
	return typeof us === "number" ? us / 1000 : us;
}
