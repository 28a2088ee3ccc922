const SLAB_BYTES = 64 * 1024;

/** Beyond this a buffer of its own costs less than the rest of a slab, bytes. */
const LARGEST_SLICE = SLAB_BYTES / 8;

/**
 * Hands out small byte arrays cut from larger ones: an ArrayBuffer of its own costs more than
 * filling it, and small calls need several each. A slab is freed when none of its slices is in use.
 */
export class Slab {
	#bytes = new Uint8Array(0);
	#used = 0;

	/** A zeroed array of `size` bytes that nobody else has, nor so many bytes in front of it in the same buffer. */
	take(size: number, headroom = 0): Uint8Array {
		const whole = headroom + size;
		if (whole > LARGEST_SLICE) return new Uint8Array(whole).subarray(headroom);
		if (this.#used + whole > this.#bytes.length) {
			this.#bytes = new Uint8Array(SLAB_BYTES);
			this.#used = 0;
		}
		const start = this.#used + headroom;
		this.#used += whole;
		return this.#bytes.subarray(start, start + size);
	}

	/** A copy of `bytes` that nobody else has. */
	copy(bytes: Uint8Array): Uint8Array {
		if (bytes.length > LARGEST_SLICE) return bytes.slice();
		const copy = this.take(bytes.length);
		copy.set(bytes);
		return copy;
	}
}
