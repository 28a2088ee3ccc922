// Streams of any length that can be checked without being kept, in Node and in tabs alike: no imports here.

/** Size of one item, bytes. */
const CHUNK_BYTES = 256 * 1024;

/** What came through: how many bytes, and a number that tells whether they were the right ones in the right order. */
export interface Volume {
	readonly bytes: number;
	readonly check: number;
}

/** Gives so many bytes (a multiple of 256 KiB), never twice the same ones. */
export async function* pour(bytes: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes; at += CHUNK_BYTES) {
		const words = new Uint32Array(CHUNK_BYTES / 4);
		for (let index = 0; index < words.length; index += 1)
			words[index] = Math.imul(at + index, 2654435761);
		yield new Uint8Array(words.buffer);
	}
}

/** Takes bytes, and keeps none of them. */
export async function swallow(
	source: AsyncIterable<Uint8Array>,
): Promise<Volume> {
	let bytes = 0;
	let check = 0;
	for await (const chunk of source) {
		const aligned = chunk.byteOffset % 4 === 0 ? chunk : chunk.slice();
		const words = new Uint32Array(
			aligned.buffer,
			aligned.byteOffset,
			aligned.length / 4,
		);
		for (const word of words) check = (Math.imul(check, 31) + word) | 0;
		bytes += chunk.length;
	}
	return { bytes, check };
}
