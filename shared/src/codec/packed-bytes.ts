import { Packr, REUSE_BUFFER_MODE } from "msgpackr/index-no-eval";
import { plainView } from "./own-bytes.js";

/** From here on a packed body is handed over instead of copied, bytes. */
const HAND_OVER_BYTES = 64 * 1024;

/** The small pool msgpackr starts with, given back to it after a large body so that it keeps no large one. */
const pool = new Packr().pack(null, REUSE_BUFFER_MODE);

/** Packings under way: a getter of a value being packed may pack another one. */
let packing = 0;

/** Packs a value and lends the bytes: they lie in msgpackr's pool and are gone with the next packing. */
export function lendPacked(packr: Packr, value: unknown): Uint8Array {
	packing += 1;
	let packed: Uint8Array | undefined;
	try {
		packed = packr.pack(value);
		return packed;
	} finally {
		packing -= 1;
		// What a failed packing has grown the pool to is not kept.
		if (packed === undefined && packing === 0) packr.useBuffer(pool);
	}
}

/** Packs a value into bytes of its own: copied out of the pool if small, else the pool itself, which is replaced. */
export function packBytes(packr: Packr, value: unknown): Uint8Array {
	const packed = lendPacked(packr, value);
	// While an outer value is being packed, the pool is that one's.
	if (packed.length < HAND_OVER_BYTES || packing > 0)
		return new Uint8Array(packed);
	packr.useBuffer(pool);
	return plainView(packed);
}
