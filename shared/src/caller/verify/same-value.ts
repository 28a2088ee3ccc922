type Binary = ArrayBuffer | ArrayBufferView;

/**
 * Whether two decoded values are the same: numbers by `Object.is`, or as far apart as `tolerance` allows, binary of one
 * kind byte by byte (with a tolerance number by number), Map and Set in the order in which they were filled, objects
 * whatever the order of their keys. Values may hold themselves.
 *
 * @param tolerance how far numbers may be apart, relative to the larger; 0 is not at all
 */
export function sameValue(a: unknown, b: unknown, tolerance = 0): boolean {
	return new Comparison(tolerance).same(a, b);
}

class Comparison {
	readonly #tolerance: number;
	/** Pairs that are the same unless a difference is found further on: they are not looked at twice. */
	readonly #pairs = new Map<object, Set<object>>();

	constructor(tolerance: number) {
		this.#tolerance = tolerance;
	}

	same(a: unknown, b: unknown): boolean {
		if (Object.is(a, b)) return true;
		if (typeof a === "number" && typeof b === "number") return this.#near(a, b);
		if (typeof a !== "object" || typeof b !== "object") return false;
		if (a === null || b === null || kindOf(a) !== kindOf(b)) return false;
		if (this.#pairs.get(a)?.has(b)) return true;
		this.#pairs.set(a, (this.#pairs.get(a) ?? new Set()).add(b));
		return this.#sameObject(a, b);
	}

	/** Both are of one kind. */
	#sameObject(a: object, b: object): boolean {
		if (isBinary(a) && isBinary(b)) return this.#sameBinary(a, b);
		if (a instanceof Date && b instanceof Date)
			return Object.is(a.getTime(), b.getTime());
		if (a instanceof RegExp && b instanceof RegExp)
			return String(a) === String(b);
		if (a instanceof Error && b instanceof Error)
			return (
				a.name === b.name && a.message === b.message && this.#sameFields(a, b)
			);
		if (a instanceof Map && b instanceof Map)
			return (
				a.size === b.size && this.#sameList([...a].flat(1), [...b].flat(1))
			);
		if (a instanceof Set && b instanceof Set)
			return this.#sameList([...a], [...b]);
		if (Array.isArray(a) && Array.isArray(b)) return this.#sameList(a, b);
		return this.#sameFields(a, b);
	}

	#sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
		return (
			a.length === b.length && a.every((item, at) => this.same(item, b[at]))
		);
	}

	#sameFields(a: object, b: object): boolean {
		const keys = Object.keys(a);
		return (
			keys.length === Object.keys(b).length &&
			keys.every(
				(key) =>
					Object.hasOwn(b, key) &&
					this.same(Reflect.get(a, key), Reflect.get(b, key)),
			)
		);
	}

	#sameBinary(a: Binary, b: Binary): boolean {
		if (a.byteLength !== b.byteLength) return false;
		if (this.#tolerance > 0 && isNumbers(a) && isNumbers(b)) {
			for (let at = 0; at < a.length; at += 1)
				if (!this.#near(a[at] ?? 0, b[at] ?? 0)) return false;
			return true;
		}
		return sameBytes(bytesOf(a), bytesOf(b));
	}

	#near(a: number, b: number): boolean {
		if (Object.is(a, b)) return true;
		const largest = Math.max(Math.abs(a), Math.abs(b));
		return (
			this.#tolerance > 0 &&
			Number.isFinite(largest) &&
			Math.abs(a - b) <= this.#tolerance * largest
		);
	}
}

/** Whether two stretches of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.byteLength !== b.byteLength) return false;
	for (let at = 0; at < a.byteLength; at += 1)
		if (a[at] !== b[at]) return false;
	return true;
}

/** "[object Map]": the same for what has the same kind, whatever it is made of. */
function kindOf(value: object): string {
	return Object.prototype.toString.call(value);
}

function isBinary(value: object): value is Binary {
	return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function isNumbers(value: Binary): value is Float64Array {
	return (
		ArrayBuffer.isView(value) &&
		!(value instanceof DataView) &&
		!(value instanceof BigInt64Array) &&
		!(value instanceof BigUint64Array)
	);
}

function bytesOf(value: Binary): Uint8Array {
	return value instanceof ArrayBuffer
		? new Uint8Array(value)
		: new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
