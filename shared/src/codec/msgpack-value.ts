import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { EncodedValue } from "./encoded-value.js";
import { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";
import { ValueReader } from "./value-reader.js";
import { type MsgpackFormat, ValueWriter } from "./value-writer.js";
import { WriterPool } from "./writer-pool.js";

const writers: Readonly<Record<MsgpackFormat, WriterPool<ValueWriter>>> = {
	msgpack: new WriterPool(() => new ValueWriter("msgpack")),
	structured: new WriterPool(() => new ValueWriter("structured")),
};

/** Encodes any value but functions and the like. Throws INVALID_ARGUMENT that says what cannot be sent. */
export function encodeMsgpack(
	value: unknown,
	format: MsgpackFormat,
): EncodedValue {
	return writers[format].use((writer) => {
		writer.write(value);
		const { attachments } = writer;
		return { format, body: writer.take(), attachments };
	});
}

/** Decodes what `encodeMsgpack` wrote, or a stranger. Throws INVALID_ARGUMENT for whatever is wrong with it. */
export function decodeMsgpack(
	encoded: EncodedValue,
	limits: ValueLimits = {},
): unknown {
	try {
		return new ValueReader(encoded, {
			maxDepth: limits.maxDepth ?? MAX_VALUE_DEPTH,
			maxHeapBytes: limits.maxHeapBytes,
		}).read();
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
