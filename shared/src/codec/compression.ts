import { EasyRemoteError } from "../errors/easyremote-error.js";
import { binaryBytes } from "./binary-kinds.js";

/** Below this a body is sent as it is, bytes. */
export const COMPRESS_FROM_BYTES = 1024 * 1024;

/** So much is tried first, bytes. */
const PROBE_BYTES = 64 * 1024;

/** Input goes in by so much at a time, bytes: an engine inflates one piece whole (to 1,032 times) before it stops. */
const PIECE_BYTES = 16 * 1024;

/** How much smaller it must get to be worth the time (NUMBERS: compression). */
const WORTHWHILE_RATIO = 1.3;

/**
 * gzip, if that pays: undefined for less than 1 MiB, and where the first 64 KiB shrink by less than 1.3 times.
 */
export async function compress(
	bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
	if (bytes.length < COMPRESS_FROM_BYTES) return undefined;
	const probe = await gzip(bytes.subarray(0, PROBE_BYTES));
	if (probe.length * WORTHWHILE_RATIO > PROBE_BYTES) return undefined;
	return gzip(bytes);
}

/**
 * Undoes `compress` for bytes from a stranger. Stops at `maxBytes`: 200 KB can hold 200 MB.
 * Throws RESOURCE_EXHAUSTED beyond that, INVALID_ARGUMENT for what is not whole gzip.
 */
export async function decompress(
	bytes: Uint8Array,
	options: { readonly maxBytes: number },
): Promise<Uint8Array> {
	try {
		return await pipe(bytes, new DecompressionStream("gzip"), options.maxBytes);
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw new EasyRemoteError("INVALID_ARGUMENT", "malformed gzip data", {
			cause: error,
		});
	}
}

function gzip(bytes: Uint8Array): Promise<Uint8Array> {
	return pipe(bytes, new CompressionStream("gzip"), Number.POSITIVE_INFINITY);
}

async function pipe(
	bytes: Uint8Array,
	through: GenericTransformStream,
	maxBytes: number,
): Promise<Uint8Array> {
	const reader = piecesOf(bytes).pipeThrough<Uint8Array>(through).getReader();
	const pieces: Uint8Array[] = [];
	let total = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return join(pieces, total);
		total += value.length;
		if (total > maxBytes) {
			const error = new EasyRemoteError(
				"RESOURCE_EXHAUSTED",
				`compressed data unfolds to more than ${maxBytes} bytes`,
				{ details: { reason: "payload_too_large", limit: maxBytes } },
			);
			await reader.cancel(error);
			throw error;
		}
		pieces.push(value);
	}
}

function piecesOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
	const whole = binaryBytes(bytes);
	let at = 0;
	return new ReadableStream({
		pull(controller) {
			controller.enqueue(whole.subarray(at, at + PIECE_BYTES));
			at += PIECE_BYTES;
			if (at >= whole.length) controller.close();
		},
	});
}

function join(pieces: readonly Uint8Array[], total: number): Uint8Array {
	const joined = new Uint8Array(total);
	let at = 0;
	for (const piece of pieces) {
		joined.set(piece, at);
		at += piece.length;
	}
	return joined;
}
