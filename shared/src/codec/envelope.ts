import { plainView } from "./own-bytes.js";
import { PlainReader } from "./plain-reader.js";
import { PlainWriter } from "./plain-writer.js";
import { WriterPool } from "./writer-pool.js";

/** Deepest nesting of an envelope (SECURITY: limits that keep a gateway alive). */
const ENVELOPE_DEPTH = 32;

const writers = new WriterPool(() => new PlainWriter());

/**
 * Writes a header or control message as plain MessagePack, which any language reads.
 * Fields that are undefined are left out. Throws INVALID_ARGUMENT for what cannot be written.
 */
export function packEnvelope(value: unknown): Uint8Array {
	return writers.use((writer) => {
		writer.write(value);
		return writer.take();
	});
}

/** As `packEnvelope`, but lends the bytes to `use`, which copies what it needs: they are gone with the next packing. */
export function withPackedEnvelope<T>(
	value: unknown,
	use: (packed: Uint8Array) => T,
): T {
	return writers.use((writer) => {
		writer.write(value);
		return use(writer.lend());
	});
}

/**
 * Reads plain MessagePack from a stranger: maps become objects (a key `__proto__` arrives as `__proto_`),
 * integers numbers, timestamps dates. Binary fields are views of `bytes`, not copies.
 * Throws INVALID_ARGUMENT for anything malformed, deeper than `maxDepth` or with keys other than strings.
 */
export function unpackEnvelope(
	bytes: Uint8Array,
	options: { readonly maxDepth?: number } = {},
): unknown {
	return new PlainReader(plainView(bytes), {
		maxDepth: options.maxDepth ?? ENVELOPE_DEPTH,
	}).read();
}
