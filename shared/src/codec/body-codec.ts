import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { EncodedValue } from "./encoded-value.js";
import { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";
import type { ValueReader } from "./value-reader.js";
import type { ValueWriter } from "./value-writer.js";
import { WriterPool } from "./writer-pool.js";

/** A format whose bodies are MessagePack. */
export class BodyCodec {
	readonly #format: "msgpack" | "structured";
	readonly #writers: WriterPool<ValueWriter>;
	readonly #Reader: typeof ValueReader;

	constructor(
		format: "msgpack" | "structured",
		Writer: new () => ValueWriter,
		Reader: typeof ValueReader,
	) {
		this.#format = format;
		this.#writers = new WriterPool(() => new Writer());
		this.#Reader = Reader;
	}

	/** Encodes any value but functions and the like. Throws INVALID_ARGUMENT that says what cannot be sent. */
	encode(value: unknown): EncodedValue {
		return this.#writers.use((writer) => {
			writer.write(value);
			const { attachments } = writer;
			return { format: this.#format, body: writer.take(), attachments };
		});
	}

	/** Decodes what `encode` wrote, or a stranger. Throws INVALID_ARGUMENT for whatever is wrong with it. */
	decode(
		encoded: EncodedValue,
		{ maxDepth = MAX_VALUE_DEPTH, maxHeapBytes }: ValueLimits = {},
	): unknown {
		try {
			return new this.#Reader(encoded, { maxDepth, maxHeapBytes }).read();
		} catch (error) {
			if (error instanceof EasyRemoteError) throw error;
			// A pattern that is none, or an integer larger than the engine can hold.
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`malformed value: ${error instanceof Error ? error.message : "unknown reason"}`,
				{ cause: error },
			);
		}
	}
}
