import { Packr, Unpackr } from "msgpackr/index-no-eval";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { readFlat } from "./flat-reader.js";
import { registerExtensions } from "./msgpack-extensions.js";
import { guardMsgpack } from "./msgpack-guard.js";
import { plainView } from "./own-bytes.js";
import { lendPacked } from "./packed-bytes.js";

/** Deepest nesting of an envelope (SECURITY: limits that keep a gateway alive). */
const ENVELOPE_DEPTH = 32;

registerExtensions();

const PACKING = {
	useRecords: false,
	variableMapSize: true,
	skipValues: [undefined],
	encodeUndefinedAsNil: true,
	// MessagePack's integers end at 64 bits, and JSON has larger ones as strings too. (msgpackr's types lack this option.)
	largeBigIntToString: true,
};
const packr = new Packr(PACKING);
const unpackr = new Unpackr({
	useRecords: false,
	mapsAsObjects: true,
	int64AsType: "number",
});

/**
 * Writes a header or control message as plain MessagePack, which any language reads.
 * Fields that are undefined are left out. Throws INVALID_ARGUMENT for what cannot be written.
 */
export function packEnvelope(value: unknown): Uint8Array {
	return withPackedEnvelope(value, (packed) => new Uint8Array(packed));
}

/** As `packEnvelope`, but lends the bytes to `use`, which copies what it needs: they are gone with the next packing. */
export function withPackedEnvelope<T>(
	value: unknown,
	use: (packed: Uint8Array) => T,
): T {
	let packed: Uint8Array;
	try {
		packed = lendPacked(packr, value);
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`this cannot be written as an envelope: ${error instanceof Error ? error.message : "unknown reason"}`,
			{ cause: error },
		);
	}
	return use(packed);
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
	if (options.maxDepth === undefined) {
		const flat = readFlat(bytes);
		if (flat) return flat;
	}
	guardMsgpack(bytes, {
		dialect: "plain",
		maxDepth: options.maxDepth ?? ENVELOPE_DEPTH,
	});
	try {
		return unpackr.unpack(plainView(bytes));
	} catch (error) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`malformed envelope: ${error instanceof Error ? error.message : "unknown reason"}`,
			{ cause: error },
		);
	}
}
