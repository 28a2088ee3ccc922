/** The same bytes as a plain `Uint8Array`: Node's Buffer differs in `slice` and in how it prints and compares. */
export function plainView(bytes: Uint8Array): Uint8Array {
	return bytes.constructor === Uint8Array
		? bytes
		: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The same bytes in a buffer that holds nothing else, so that handing it to a user shows no neighbours.
 * No copy if that is so already, as for an attachment received into a buffer of its own.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const { buffer } = bytes;
	return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
		? new Uint8Array(buffer)
		: new Uint8Array(bytes);
}
