import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { EncodedValue } from "./encoded-value.js";
import { decodeJson } from "./json-decode.js";
import { msgpackValue } from "./msgpack-value.js";
import { ownBytes } from "./own-bytes.js";
import { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";

/**
 * As `decodeValue`, of the formats that a node may answer in unasked. Callers do without the rest, which pages would
 * load before their first call.
 */
export function decodeAnswer(
	encoded: EncodedValue,
	limits: ValueLimits = {},
): unknown {
	const { format, body, attachments } = encoded;
	if (format === "msgpack") return msgpackValue.decode(encoded, limits);
	if (attachments.length > 0) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`a value in the format "${format}" has no attachments`,
		);
	}
	if (format === "json")
		return decodeJson(body, limits.maxDepth ?? MAX_VALUE_DEPTH);
	if (format === "bytes") return ownBytes(body);
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`nobody asked for a value in the format "${format}"`,
	);
}
