import { EasyRemoteError } from "../errors/easyremote-error.js";
import { plainView } from "./own-bytes.js";

/** Binary data as users hold it. */
export type Binary = ArrayBufferView | ArrayBufferLike;

interface ElementArray {
	readonly name: string;
	readonly BYTES_PER_ELEMENT: number;
	new (buffer: ArrayBuffer): ArrayBufferView<ArrayBuffer>;
}

/** Typed arrays in the order of their numbers on the wire, from 0. */
const ELEMENT_ARRAYS: readonly ElementArray[] = [
	Int8Array,
	Uint8Array,
	Uint8ClampedArray,
	Int16Array,
	Uint16Array,
	Int32Array,
	Uint32Array,
	Float32Array,
	Float64Array,
	BigInt64Array,
	BigUint64Array,
	...float16Array(),
];
const ARRAY_BUFFER = 16;
const DATA_VIEW = 17;

const KINDS = new Map<string, number>([
	...ELEMENT_ARRAYS.map(({ name }, kind) => [name, kind] as const),
	["ArrayBuffer", ARRAY_BUFFER],
	["SharedArrayBuffer", ARRAY_BUFFER],
	["DataView", DATA_VIEW],
]);

/** Whether a value is raw memory or a view of it. */
export function isBinary(value: unknown): value is Binary {
	return (
		ArrayBuffer.isView(value) ||
		value instanceof ArrayBuffer ||
		(typeof SharedArrayBuffer !== "undefined" &&
			value instanceof SharedArrayBuffer)
	);
}

/**
 * The number of a binary's kind. A subclass counts as what it extends, so Node's Buffer is a Uint8Array; shared
 * memory arrives as memory of its own. Throws INVALID_ARGUMENT for a kind of the future.
 */
export function binaryKind(value: Binary): number {
	const name = (value as { readonly [Symbol.toStringTag]: string })[
		Symbol.toStringTag
	];
	const kind = KINDS.get(name);
	if (kind === undefined) {
		throw new EasyRemoteError("INVALID_ARGUMENT", `a ${name} cannot be sent`);
	}
	return kind;
}

/** The memory behind a value, as a view: copied only where it is shared memory, which channels do not take. */
export function binaryBytes(value: Binary): Uint8Array<ArrayBuffer> {
	const view = viewOf(value);
	return isUnshared(view) ? view : new Uint8Array(view);
}

/**
 * Makes the value of that kind over `bytes`, which must fill their buffer. Elements are in the byte order of the
 * machines that JavaScript runs on, little-endian. Throws INVALID_ARGUMENT if kind and length do not fit.
 */
export function makeBinary(
	kind: number | undefined,
	bytes: Uint8Array<ArrayBuffer>,
): Binary {
	if (kind === ARRAY_BUFFER) return bytes.buffer;
	if (kind === DATA_VIEW) return new DataView(bytes.buffer);
	const Elements = ELEMENT_ARRAYS[kind ?? -1];
	if (Elements === Uint8Array) return bytes;
	if (Elements === undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`binary data of kind ${kind ?? "none"} is not known here`,
		);
	}
	if (bytes.byteLength % Elements.BYTES_PER_ELEMENT !== 0) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`${bytes.byteLength} bytes are no whole number of ${Elements.name} elements`,
		);
	}
	return new Elements(bytes.buffer);
}

function viewOf(value: Binary): Uint8Array {
	if (value instanceof Uint8Array) return plainView(value);
	return ArrayBuffer.isView(value)
		? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
		: new Uint8Array(value);
}

function isUnshared(view: Uint8Array): view is Uint8Array<ArrayBuffer> {
	return view.buffer instanceof ArrayBuffer;
}

/** Newer engines have it, Node 20 has not. */
function float16Array(): ElementArray[] {
	const found: unknown = Reflect.get(globalThis, "Float16Array");
	return typeof found === "function" ? [found as unknown as ElementArray] : [];
}
