import type { EncodedValue } from "./encoded-value.js";
import { readValue, written } from "./msgpack-value.js";
import { StructuredReader } from "./structured-reader.js";
import { StructuredWriter } from "./structured-writer.js";
import type { ValueLimits } from "./value-limits.js";
import { WriterPool } from "./writer-pool.js";

const writers = new WriterPool(() => new StructuredWriter());

/** As `encodeMsgpack`, of values that may refer to themselves. */
export function encodeStructured(value: unknown): EncodedValue {
	return {
		format: "structured",
		...writers.use((writer) => written(writer, value)),
	};
}

/** Decodes what `encodeStructured` wrote, or a stranger. Throws INVALID_ARGUMENT for whatever is wrong with it. */
export function decodeStructured(
	encoded: EncodedValue,
	limits?: ValueLimits,
): unknown {
	return readValue(StructuredReader, encoded, limits);
}
