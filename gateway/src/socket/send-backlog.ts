/** Packets that wait to be sent, in order, and how they are made into messages. No I/O. */
export class SendBacklog {
	#chunks: Uint8Array[] = [];
	/** Index of the first chunk still here: taking from the front must not move the rest. */
	#first = 0;
	#bytes = 0;

	/** Bytes waiting. */
	get bytes(): number {
		return this.#bytes;
	}

	push(chunk: Uint8Array): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.length;
	}

	/** Puts a chunk before all others. */
	unshift(chunk: Uint8Array): void {
		this.#compact();
		this.#chunks.unshift(chunk);
		this.#bytes += chunk.length;
	}

	/**
	 * The next message: chunks joined up to `batchBytes`, or one of `largeBytes` and more as it is.
	 * Undefined when there is none.
	 */
	take(batchBytes: number, largeBytes: number): Uint8Array | undefined {
		const start = this.#first;
		const first = this.#chunks[start];
		if (!first) return undefined;
		let size = first.length;
		let end = start + 1;
		if (size < largeBytes)
			for (; end < this.#chunks.length; end += 1) {
				const length = this.#chunks[end]?.length ?? 0;
				if (length >= largeBytes || size + length > batchBytes) break;
				size += length;
			}
		const message =
			end === start + 1 ? first : join(this.#chunks, start, end, size);
		this.#first = end;
		this.#bytes -= size;
		if (this.#first === this.#chunks.length || this.#first > 1_024)
			this.#compact();
		return message;
	}

	clear(): void {
		this.#chunks = [];
		this.#first = 0;
		this.#bytes = 0;
	}

	#compact(): void {
		if (this.#first === 0) return;
		this.#chunks =
			this.#first === this.#chunks.length
				? []
				: this.#chunks.slice(this.#first);
		this.#first = 0;
	}
}

function join(
	chunks: readonly Uint8Array[],
	start: number,
	end: number,
	size: number,
): Uint8Array {
	// Every byte of it is overwritten below.
	const message = Buffer.allocUnsafe(size);
	let offset = 0;
	for (let index = start; index < end; index += 1) {
		const chunk = chunks[index];
		if (!chunk) break;
		message.set(chunk, offset);
		offset += chunk.length;
	}
	return message;
}
