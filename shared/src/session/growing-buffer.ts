import { EasyRemoteError } from "../errors/easyremote-error.js";

/** What is allocated on a stranger's word alone, bytes; beyond it memory grows with what has arrived. */
const TRUSTED_BYTES = 64 * 1024 * 1024;

/** Takes exactly `length` bytes piece by piece and gives them back in one buffer of their own, aligned. */
export class GrowingBuffer {
	readonly #length: number;
	readonly #allocate: (bytes: number) => Uint8Array<ArrayBuffer>;
	#bytes = new Uint8Array(0);
	#filled = 0;

	/** @param allocate makes room; throws RangeError where there is none */
	constructor(
		length: number,
		allocate = (bytes: number) => new Uint8Array(bytes),
	) {
		this.#length = length;
		this.#allocate = allocate;
	}

	get full(): boolean {
		return this.#filled === this.#length;
	}

	/**
	 * Copies what it still needs from `source` and says how much that was, bytes.
	 * Throws RESOURCE_EXHAUSTED where there is no memory for it: many may announce much at once.
	 */
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
		const larger = this.#room(Math.min(this.#length, wanted));
		larger.set(this.#bytes.subarray(0, this.#filled));
		this.#bytes = larger;
	}

	#room(bytes: number): Uint8Array<ArrayBuffer> {
		try {
			return this.#allocate(bytes);
		} catch (cause) {
			throw new EasyRemoteError(
				"RESOURCE_EXHAUSTED",
				`there is no memory for ${bytes} bytes of a value`,
				{ hint: "send it in pieces, as a stream", cause },
			);
		}
	}
}
