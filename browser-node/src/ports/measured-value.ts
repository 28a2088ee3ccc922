/** Deepest nesting of a value that comes out of the sandbox: as deep as a codec would write it. */
const MAX_DEPTH = 100;
/** What each value costs besides its content, bytes. */
const BYTES_A_VALUE = 8;

/**
 * About how many bytes of memory a received value takes to send on: each place where it is mentioned counts, as it is
 * written there. Throws RangeError above `most`, without having looked at much more, or where it is nested too deep;
 * TypeError for what is no plain data (ports, handles, keys and the like).
 */
export function measuredValue(value: unknown, most: number): number {
	const meter = new Meter(most);
	meter.add(value, 0);
	return meter.bytes;
}

class Meter {
	readonly #most: number;
	bytes = 0;

	constructor(most: number) {
		this.#most = most;
	}

	add(value: unknown, depth: number): void {
		this.#count(BYTES_A_VALUE);
		if (typeof value === "string") this.#count(value.length);
		// A digit of a BigInt cannot be counted but by writing it.
		else if (typeof value === "bigint")
			this.#count(value.toString(16).length / 2);
		else if (typeof value === "object" && value !== null)
			this.#addObject(value, depth + 1);
		else if (typeof value === "function" || typeof value === "symbol")
			throw new TypeError("it is no plain data");
	}

	#addObject(value: object, depth: number): void {
		if (depth > MAX_DEPTH)
			throw new RangeError(`it is nested deeper than ${MAX_DEPTH} levels`);
		if (value instanceof ArrayBuffer) this.#count(value.byteLength);
		else if (ArrayBuffer.isView(value)) this.#addView(value);
		else if (Array.isArray(value)) this.#addArray(value, depth);
		else if (value instanceof Map)
			for (const entry of value) this.#addAll(entry, depth);
		else if (value instanceof Set) this.#addAll(value, depth);
		else if (value instanceof Error) this.#addError(value, depth);
		else if (value instanceof RegExp) this.#count(value.source.length);
		else if (isRecord(value)) this.#addRecord(value, depth);
		else if (!(value instanceof Date))
			throw new TypeError("it is no plain data");
	}

	/** A view can be small and what it looks at large. */
	#addView(view: ArrayBufferView): void {
		if (!(view.buffer instanceof ArrayBuffer))
			throw new TypeError("it is memory that others share");
		this.#count(view.buffer.byteLength);
	}

	/** Before going through it: an array with holes is cheap to send and as long as one likes. */
	#addArray(value: readonly unknown[], depth: number): void {
		this.#count(value.length * BYTES_A_VALUE);
		this.#addAll(value, depth);
	}

	#addError(error: Error, depth: number): void {
		this.#addAll([error.name, error.message, error.stack, error.cause], depth);
	}

	#addRecord(record: object, depth: number): void {
		for (const [key, value] of Object.entries(record)) {
			this.#count(key.length);
			this.add(value, depth);
		}
	}

	#addAll(values: Iterable<unknown>, depth: number): void {
		for (const value of values) this.add(value, depth);
	}

	#count(bytes: number): void {
		this.bytes += bytes;
		if (this.bytes > this.#most)
			throw new RangeError("it is larger than is left to the call");
	}
}

/** A port hands over plain objects with the prototype of this realm, and platform objects with another. */
function isRecord(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
