import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	type Binary,
	binaryBytes,
	binaryKind,
	makeBinary,
} from "./binary-kinds.js";
import { ownBytes } from "./own-bytes.js";

/** Binary from this size on leaves the encoding, bytes. */
export const ATTACHMENT_BYTES = 64 * 1024;

/** Length of what stands in the body for an attachment: kind, index (u32), length in bytes (f64). */
export const PLACEHOLDER_BYTES = 13;

/** The attachments of the value now being encoded or decoded; both are synchronous, and may be nested. */
let current: Uint8Array[] = [];
let taken = 0;

/** Runs an encoding and returns the attachments that it put aside. */
export function collectAttachments(encode: () => void): Uint8Array[] {
	const outer = current;
	const collected: Uint8Array[] = [];
	current = collected;
	try {
		encode();
	} finally {
		current = outer;
	}
	return collected;
}

/**
 * Runs a decoding that takes `attachments` one after the other.
 * Throws INVALID_ARGUMENT unless it takes each of them exactly once.
 */
export function withAttachments<T>(
	attachments: readonly Uint8Array[],
	decode: () => T,
): T {
	const outer = current;
	const outerTaken = taken;
	current = [...attachments];
	taken = 0;
	try {
		const value = decode();
		if (taken !== attachments.length) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`the value uses ${taken} of its ${attachments.length} attachments`,
			);
		}
		return value;
	} finally {
		current = outer;
		taken = outerTaken;
	}
}

/** Puts a large binary aside, a view of it and no copy, and writes what stands for it at `position`. */
export function putAside(
	value: Binary,
	target: Uint8Array,
	position: number,
): void {
	const view = new DataView(target.buffer, target.byteOffset + position);
	view.setUint8(0, binaryKind(value));
	view.setUint32(1, current.length);
	view.setFloat64(5, value.byteLength);
	current.push(binaryBytes(value));
}

/** The binary that a placeholder stands for. Throws INVALID_ARGUMENT if it does not describe the next attachment. */
export function takeAttachment(placeholder: Uint8Array): Binary {
	const attachment = current[taken];
	const view = new DataView(
		placeholder.buffer,
		placeholder.byteOffset,
		placeholder.byteLength,
	);
	if (
		attachment === undefined ||
		view.byteLength !== PLACEHOLDER_BYTES ||
		view.getUint32(1) !== taken ||
		view.getFloat64(5) !== attachment.byteLength
	) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`attachment ${taken} is missing, out of order or of another length than announced`,
		);
	}
	taken += 1;
	return makeBinary(view.getUint8(0), ownBytes(attachment));
}
