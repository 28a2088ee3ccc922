import { EasyRemoteError } from "../errors/easyremote-error.js";
import { list, object, optional } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import { boolean, bytes, oneOf } from "../shapes/shape.js";
import type { EncodedValue } from "./encoded-value.js";
import { packEnvelope, unpackEnvelope } from "./envelope.js";

/** Media type of a portable value: over HTTP it keeps what JSON and plain MessagePack lose, such as Map and typed arrays. */
export const VALUE_MEDIA_TYPE = "application/vnd.easyremote.value";

/** An encoded value that travels, or is kept, as one piece of bytes. */
export interface PortableValue extends EncodedValue {
	/** Of arguments: an object `{ args, kwargs }` instead of an array. */
	readonly named?: boolean | undefined;
}

const portableValue = object({
	format: oneOf("msgpack", "structured", "json", "bytes"),
	body: bytes,
	attachments: optional(list(bytes), []),
	named: optional(boolean),
});

/** Writes a value as plain MessagePack `{ format, body, attachments?, named? }`. */
export function packValue(value: PortableValue): Uint8Array {
	const { format, body, attachments, named } = value;
	return packEnvelope({
		format,
		body,
		attachments: attachments.length > 0 ? attachments : undefined,
		named: named === true ? true : undefined,
	});
}

/**
 * Reads what `packValue` wrote, perhaps a stranger's; what is in it is not decoded. Its parts are views of `packed`.
 * Throws INVALID_ARGUMENT.
 */
export function unpackValue(packed: Uint8Array): PortableValue {
	const read = portableValue(unpackEnvelope(packed));
	if (!(read instanceof Mismatch)) return read;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"this is not an encoded value: a map of `format`, `body` and `attachments`",
	);
}
