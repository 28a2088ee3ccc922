import type { EncodedValue } from "../../codec/encoded-value.js";
import { decodeValue } from "../../codec/value-codec.js";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { RemoteFunctionError } from "../../errors/remote-function-error.js";
import type { FunctionDescriptor } from "../../protocol/provider.js";
import { sameBytes, sameValue } from "./same-value.js";

/** What a function gives with `deterministic: "tolerance"` may differ by this much, relative to the larger number. */
const DEFAULT_TOLERANCE = 1e-9;

/** What a function came to at one node: its value, or what it threw. */
export type CallResult =
	| { readonly value: unknown }
	| { readonly error: EasyRemoteError };

/** How results of one function are compared. */
export interface ResultComparison {
	/** Relative distance that numbers may have; 0 is none. */
	readonly tolerance: number;
	/** Values are `EncodedValue`s. */
	readonly raw: boolean;
}

/** How results of a function are to be compared. */
export function comparisonFor(
	{ deterministic, tolerance }: FunctionDescriptor,
	raw: boolean,
): ResultComparison {
	return {
		tolerance:
			deterministic === "tolerance" ? (tolerance ?? DEFAULT_TOLERANCE) : 0,
		raw,
	};
}

/** Whether two nodes came to the same. Errors are the same by name and message. */
export function sameResult(
	a: CallResult,
	b: CallResult,
	{ tolerance, raw }: ResultComparison,
): boolean {
	if ("error" in a || "error" in b)
		return "error" in a && "error" in b && sameError(a.error, b.error);
	if (!raw) return sameValue(a.value, b.value, tolerance);
	return sameEncoded(
		a.value as EncodedValue | undefined,
		b.value as EncodedValue | undefined,
		tolerance,
	);
}

function sameError(a: EasyRemoteError, b: EasyRemoteError): boolean {
	return nameOf(a) === nameOf(b) && a.message === b.message;
}

function nameOf(error: EasyRemoteError): string {
	return error instanceof RemoteFunctionError ? error.remoteName : error.code;
}

function sameEncoded(
	a: EncodedValue | undefined,
	b: EncodedValue | undefined,
	tolerance: number,
): boolean {
	if (!a || !b) return a === b;
	if (a.format === b.format && sameBody(a, b)) return true;
	// The same value may be written in several ways, such as a number that one engine takes for an integer.
	try {
		return sameValue(decodeValue(a), decodeValue(b), tolerance);
	} catch (error) {
		if (error instanceof EasyRemoteError) return false;
		throw error;
	}
}

function sameBody(a: EncodedValue, b: EncodedValue): boolean {
	return (
		sameBytes(a.body, b.body) &&
		a.attachments.length === b.attachments.length &&
		a.attachments.every((bytes, at) => {
			const other = b.attachments[at];
			return other !== undefined && sameBytes(bytes, other);
		})
	);
}
