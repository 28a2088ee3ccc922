/** From this size on a buffer is moved between threads instead of copied, bytes. */
const WORTH_MOVING_BYTES = 64 * 1024;
/** How far a value is searched for buffers; what lies deeper is copied. */
const MOST_VALUES = 1_000;

/**
 * The large buffers within a value that nobody else uses, such as one just decoded: pass them as the transfer list of
 * `postMessage`. Buffers of which a view shows only a part are left out, since others may look at the rest.
 */
export function movableBuffers(root: unknown): ArrayBuffer[] {
	const found = new Set<ArrayBuffer>();
	const queue: unknown[] = [root];
	for (let index = 0; index < queue.length && index < MOST_VALUES; index += 1) {
		const value = queue[index];
		if (typeof value !== "object" || value === null) continue;
		const buffer = wholeBuffer(value);
		if (buffer !== undefined) {
			if (buffer.byteLength >= WORTH_MOVING_BYTES) found.add(buffer);
		} else if (Array.isArray(value)) {
			queue.push(...(value.slice(0, MOST_VALUES) as unknown[]));
		} else if (isPlain(value)) {
			const values: unknown[] = Object.values(value);
			queue.push(...values.slice(0, MOST_VALUES));
		}
	}
	return [...found];
}

/** A value ready for `postMessage`. */
export interface Parcel {
	readonly value: unknown;
	readonly transfer: ArrayBuffer[];
}

/**
 * Makes a parcel of something its owner may keep using, such as a function's result: a large binary value is copied
 * once and the copy moved, which is one copy less than cloning. Anything else is left to be cloned.
 */
export function parcelOf(value: unknown): Parcel {
	const copy = copyOfBinary(value);
	return copy === undefined
		? { value, transfer: [] }
		: { value: copy, transfer: movableBuffers(copy) };
}

function copyOfBinary(value: unknown): unknown {
	if (value instanceof ArrayBuffer)
		return value.byteLength < WORTH_MOVING_BYTES ? undefined : value.slice(0);
	if (
		!ArrayBuffer.isView(value) ||
		value instanceof DataView ||
		value.byteLength < WORTH_MOVING_BYTES
	)
		return undefined;
	return (value as Uint8Array).slice();
}

function wholeBuffer(value: object): ArrayBuffer | undefined {
	if (value instanceof ArrayBuffer) return value;
	if (!ArrayBuffer.isView(value) || !(value.buffer instanceof ArrayBuffer))
		return undefined;
	return value.byteLength === value.buffer.byteLength
		? value.buffer
		: undefined;
}

function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
