import type { MsgpackWriter } from "./msgpack-writer.js";

/** One writer that is used again and again, and another where a getter of a value being written writes a value. */
export class WriterPool<W extends MsgpackWriter> {
	readonly #create: () => W;
	#resting: W | undefined;

	constructor(create: () => W) {
		this.#create = create;
	}

	/** Lends a writer; what `use` has of its bytes is gone afterwards unless it was taken. */
	use<T>(use: (writer: W) => T): T {
		const writer = this.#resting ?? this.#create();
		this.#resting = undefined;
		try {
			return use(writer);
		} finally {
			writer.reset();
			this.#resting = writer;
		}
	}
}
