import type { Transferable } from "node:worker_threads";

/** Buffers from this size on are handed over instead of copied, bytes: below it, handing over costs more. */
const WORTH_IT_BYTES = 64 * 1024;

/**
 * The buffers among arguments that can be handed to another thread without a copy: those that one binary value fills
 * alone. Looks at the arguments and one level below, where options objects have theirs.
 */
export function transferables(args: readonly unknown[]): Transferable[] {
	const found = new Set<ArrayBuffer>();
	for (const arg of args) {
		collect(arg, found);
		if (isPlainObject(arg))
			for (const value of Object.values(arg)) collect(value, found);
	}
	return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
	const buffer = wholeBuffer(value);
	if (buffer && buffer.byteLength >= WORTH_IT_BYTES) found.add(buffer);
}

function wholeBuffer(value: unknown): ArrayBuffer | undefined {
	if (value instanceof ArrayBuffer) return value;
	if (!ArrayBuffer.isView(value)) return undefined;
	const { buffer, byteLength } = value;
	return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
		? buffer
		: undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
