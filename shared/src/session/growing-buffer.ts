/** What is allocated on a stranger's word alone, bytes; beyond it memory grows with what has arrived. */
const TRUSTED_BYTES = 64 * 1024 * 1024;

/** Takes exactly `length` bytes piece by piece and gives them back in one buffer of their own, aligned. */
export class GrowingBuffer {
	readonly #length: number;
	#bytes = new Uint8Array(0);
	#filled = 0;

	constructor(length: number) {
		this.#length = length;
	}

	get full(): boolean {
		return this.#filled === this.#length;
	}

	/** Copies what it still needs from `source` and says how much that was, bytes. */
	fill(source: Uint8Array, offset: number): number {
		const count = Math.min(source.length - offset, this.#length - this.#filled);
		this.#reserve(this.#filled + count);
		this.#bytes.set(source.subarray(offset, offset + count), this.#filled);
		this.#filled += count;
		return count;
	}

	/** The bytes, once full. */
	take(): Uint8Array<ArrayBuffer> {
		return this.#bytes;
	}

	#reserve(size: number): void {
		if (size <= this.#bytes.length) return;
		const wanted = Math.max(size, this.#bytes.length * 2, TRUSTED_BYTES);
		const larger = new Uint8Array(Math.min(this.#length, wanted));
		larger.set(this.#bytes.subarray(0, this.#filled));
		this.#bytes = larger;
	}
}
