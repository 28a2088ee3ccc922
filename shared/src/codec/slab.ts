const SLAB_BYTES = 64 * 1024;

/** Beyond this a buffer of its own costs less than the rest of a slab, bytes. */
const LARGEST_SLICE = SLAB_BYTES / 8;

let slab = new Uint8Array(0);
let used = 0;

/**
 * A zeroed array of `size` bytes that nobody else has, nor so many bytes in front of it in the same buffer.
 *
 * Small ones are cut from a larger array: an ArrayBuffer of its own costs more than filling it, and small calls need
 * several each. A slab is freed when none of its slices is in use.
 */
export function takeSlice(size: number, headroom = 0): Uint8Array {
	const whole = headroom + size;
	if (whole > LARGEST_SLICE) return new Uint8Array(whole).subarray(headroom);
	if (used + whole > slab.length) {
		slab = new Uint8Array(SLAB_BYTES);
		used = 0;
	}
	const start = used + headroom;
	used += whole;
	return slab.subarray(start, start + size);
}
