import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toBase64 } from "./base64.js";
import { binaryBytes, isBinary } from "./binary-kinds.js";
import { errorToFields } from "./error-fields.js";
import { refuseUnsendable } from "./unsendable.js";
import { MAX_VALUE_DEPTH } from "./value-limits.js";

const encoder = new TextEncoder();

/**
 * Writes a value as JSON text, for callers that are not JavaScript. What JSON has no word for becomes:
 * binary `{"$bytes": "<base64>"}`, BigInt a decimal string, Map an object (with keys that are not strings, a list
 * of pairs), Set a list, Date an ISO string, Error an object with `name` and `message`, RegExp its source,
 * NaN and Infinity null. Throws INVALID_ARGUMENT for cycles and for what cannot be sent at all.
 */
export function encodeJson(value: unknown): Uint8Array {
	return encoder.encode(JSON.stringify(toJson(value, 0) ?? null));
}

/** The value with everything replaced that JSON has no word for; itself where that is nothing. */
function toJson(value: unknown, depth: number): unknown {
	if (typeof value === "bigint") return value.toString();
	if (typeof value === "function" || typeof value === "symbol")
		refuseUnsendable(value);
	if (typeof value !== "object" || value === null) return value;
	if (depth >= MAX_VALUE_DEPTH) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`this value refers to itself, or is nested deeper than ${MAX_VALUE_DEPTH}`,
			{ hint: "JSON cannot hold cycles: call through a JavaScript client" },
		);
	}
	if (Array.isArray(value)) return arrayToJson(value as unknown[], depth + 1);
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null
		? recordToJson(value, depth + 1)
		: instanceToJson(value, depth + 1);
}

function instanceToJson(value: object, depth: number): unknown {
	if (isBinary(value)) return { $bytes: toBase64(binaryBytes(value)) };
	if (value instanceof Date) return value;
	if (value instanceof Set) return arrayToJson([...value], depth);
	if (value instanceof Map) return mapToJson(value, depth);
	if (value instanceof RegExp) return value.source;
	if (value instanceof Error) {
		const [name, message, cause, fields] = errorToFields(value);
		return recordToJson(
			{ ...fields, name, message, ...(cause === undefined ? {} : { cause }) },
			depth,
		);
	}
	refuseUnsendable(value);
	return recordToJson(value, depth);
}

function arrayToJson(items: readonly unknown[], depth: number): unknown {
	let replaced: unknown[] | undefined;
	for (let index = 0; index < items.length; index++) {
		const item = toJson(items[index], depth);
		if (Object.is(item, items[index])) continue;
		replaced ??= [...items];
		replaced[index] = item;
	}
	return replaced ?? items;
}

function recordToJson(record: object, depth: number): unknown {
	if ("toJSON" in record && typeof record.toJSON === "function")
		return toJson((record as { toJSON(): unknown }).toJSON(), depth);
	const entries = Object.entries(record);
	let replaced = false;
	for (const entry of entries) {
		const item = toJson(entry[1], depth);
		replaced ||= !Object.is(item, entry[1]);
		entry[1] = item;
	}
	return replaced ? Object.fromEntries(entries) : record;
}

function mapToJson(map: ReadonlyMap<unknown, unknown>, depth: number): unknown {
	const entries = [...map];
	return entries.every((entry) => typeof entry[0] === "string")
		? recordToJson(Object.fromEntries(entries) as object, depth)
		: arrayToJson(entries, depth);
}
