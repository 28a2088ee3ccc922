/** How a value was turned into bytes. */
export type ValueFormat = "msgpack" | "structured" | "json" | "bytes";

/**
 * A value as it travels.
 *
 * `body` holds the value; binary of 64 KiB and more is left out of it and follows as `attachments`, raw and in
 * order of appearance. Attachments made by `encodeValue` are views of the caller's memory, not copies: they must
 * not change until they have been sent.
 */
export interface EncodedValue {
	readonly format: ValueFormat;
	readonly body: Uint8Array;
	readonly attachments: readonly Uint8Array[];
}

/** Bytes a value takes on the wire: body and attachments, without headers of frames. */
export function byteLength(value: EncodedValue): number {
	let total = value.body.byteLength;
	for (const attachment of value.attachments) total += attachment.byteLength;
	return total;
}
