import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { EncodedValue } from "./encoded-value.js";
import { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";
import { ValueReader } from "./value-reader.js";
import { ValueWriter } from "./value-writer.js";
import { WriterPool } from "./writer-pool.js";

const writers = new WriterPool(() => new ValueWriter());

/** Encodes any value but functions and the like. Throws INVALID_ARGUMENT that says what cannot be sent. */
export function encodeMsgpack(value: unknown): EncodedValue {
	return {
		format: "msgpack",
		...writers.use((writer) => written(writer, value)),
	};
}

/** Decodes what `encodeMsgpack` wrote, or a stranger. Throws INVALID_ARGUMENT for whatever is wrong with it. */
export function decodeMsgpack(
	encoded: EncodedValue,
	limits?: ValueLimits,
): unknown {
	return readValue(ValueReader, encoded, limits);
}

/** What a writer makes of a value. */
export function written(
	writer: ValueWriter,
	value: unknown,
): Pick<EncodedValue, "body" | "attachments"> {
	writer.write(value);
	const { attachments } = writer;
	return { body: writer.take(), attachments };
}

/** What a reader makes of a body. Throws INVALID_ARGUMENT. */
export function readValue(
	Reader: typeof ValueReader,
	encoded: EncodedValue,
	{ maxDepth = MAX_VALUE_DEPTH, maxHeapBytes }: ValueLimits = {},
): unknown {
	try {
		return new Reader(encoded, { maxDepth, maxHeapBytes }).read();
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
