/** The platform gives at most this much at once, bytes. */
const PIECE = 64 * 1024;

/** Bytes that nothing compresses; the same in Node.js and in a page. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(length);
	for (let offset = 0; offset < length; offset += PIECE)
		crypto.getRandomValues(bytes.subarray(offset, offset + PIECE));
	return bytes;
}
