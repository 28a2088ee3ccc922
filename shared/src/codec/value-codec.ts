import { EasyRemoteError } from "../errors/easyremote-error.js";
import { decodeAnswer } from "./answer-codec.js";
import { binaryBytes, isBinary } from "./binary-kinds.js";
import type { EncodedValue, ValueFormat } from "./encoded-value.js";
import { encodeJson } from "./json-encode.js";
import { msgpackValue } from "./msgpack-value.js";
import { structuredValue } from "./structured-value.js";
import type { ValueLimits } from "./value-limits.js";

/**
 * Turns a value into bytes. The default `msgpack` keeps Map, Set, Date, Error, RegExp, BigInt, undefined and every
 * kind of binary as they are; `structured` keeps cycles and shared references too, `json` is for callers that are
 * not JavaScript, `bytes` for a single binary as such. -0 becomes 0.
 *
 * Nothing of the value is changed; large binary is not copied and must stay as it is until sent.
 * Throws INVALID_ARGUMENT that says what cannot be sent.
 *
 * @example
 * const encoded = encodeValue([new Float32Array(1_000_000), { unit: "m" }]);
 * decodeValue(encoded); // the same
 */
export function encodeValue(
	value: unknown,
	options: { readonly format?: ValueFormat | undefined } = {},
): EncodedValue {
	const format = options.format ?? "msgpack";
	switch (format) {
		case "msgpack":
			return msgpackValue.encode(value);
		case "structured":
			return structuredValue.encode(value);
		case "json":
			return { format, body: encodeJson(value), attachments: [] };
		case "bytes":
			return { format, body: encodeBytes(value), attachments: [] };
		default:
			throw unknownFormat(format satisfies never);
	}
}

/**
 * Turns bytes, perhaps a stranger's, back into the value. Binary received as an attachment into a buffer of its own
 * is used as it is, without a copy. Throws INVALID_ARGUMENT for anything malformed or beyond `limits`, never
 * anything else.
 */
export function decodeValue(
	encoded: EncodedValue,
	limits: ValueLimits = {},
): unknown {
	return encoded.format === "structured"
		? structuredValue.decode(encoded, limits)
		: decodeAnswer(encoded, limits);
}

function encodeBytes(value: unknown): Uint8Array {
	if (isBinary(value)) return binaryBytes(value);
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		'only a single binary value has the format "bytes"',
	);
}

function unknownFormat(format: unknown): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`unknown value format "${String(format)}"`,
	);
}
