import { byteLength, type EncodedValue } from "../codec/encoded-value.js";

/** An answer that may be given again. */
export interface KeptAnswer {
	/** As it travels; undefined is the value undefined. */
	readonly value: EncodedValue | undefined;
	/** Until when it may be given, on the monotonic clock of whoever keeps it, ms. */
	readonly expiresAt: number;
	/** How long the function took for it, ms. */
	readonly runMs: number;
}

/** What an answer takes in memory beside its bytes: key, fields, a place in the table. */
const OVERHEAD_BYTES = 256;

/** Bytes that an answer takes, roughly. */
export function answerBytes(value: EncodedValue | undefined): number {
	return OVERHEAD_BYTES + (value ? byteLength(value) : 0);
}

/** The same value in memory of its own: what a function gave stays the function's, and may change. */
export function ownValue(
	value: EncodedValue | undefined,
): EncodedValue | undefined {
	return (
		value && {
			format: value.format,
			body: value.body.slice(),
			attachments: value.attachments.map((bytes) => bytes.slice()),
		}
	);
}
