import { addExtension } from "msgpackr/index-no-eval";
import {
	ATTACHMENT_BYTES,
	PLACEHOLDER_BYTES,
	putAside,
	takeAttachment,
} from "./attachments.js";
import {
	type Binary,
	binaryBytes,
	binaryKind,
	makeBinary,
} from "./binary-kinds.js";
import { errorFromFields, errorToFields } from "./error-fields.js";
import { EXTENSION } from "./msgpack-layout.js";
import { refuseUnsendable, UNSENDABLE } from "./unsendable.js";

type WriteTarget = (size: number) => {
	readonly target: Uint8Array;
	readonly position: number;
};

let registered = false;

/**
 * Teaches msgpackr how values travel here: large binary beside the body, errors with their fields, and no silent
 * loss. Its extensions are global to the module; so this runs once.
 */
export function registerExtensions(): void {
	if (registered) return;
	registered = true;
	for (const { Class } of UNSENDABLE)
		addExtension({ Class, write: refuseUnsendable });
	addExtension({
		Class: Error,
		type: EXTENSION.error,
		write: errorToFields,
		read: errorFromFields,
	});
	addExtension({ type: EXTENSION.attachment, unpack: takeAttachment });
	const binaryClasses = [
		DataView,
		ArrayBuffer,
		...(typeof SharedArrayBuffer === "undefined" ? [] : [SharedArrayBuffer]),
		Object.getPrototypeOf(Uint8Array) as typeof Uint8Array,
	];
	for (const Class of binaryClasses) {
		addExtension({
			Class,
			type: EXTENSION.binary,
			pack(value: Binary, allocate: WriteTarget) {
				if (this.useRecords === false) writePlain(value, allocate);
				else if (value.byteLength >= ATTACHMENT_BYTES)
					writePlaceholder(value, allocate);
				else writeInline(value, allocate);
				return undefined;
			},
			unpack: (data) => makeBinary(data[0], new Uint8Array(data.subarray(1))),
		});
	}
}

function writePlaceholder(value: Binary, allocate: WriteTarget): void {
	const { target, position } = allocate(PLACEHOLDER_BYTES + 3);
	target[position] = 0xc7;
	target[position + 1] = PLACEHOLDER_BYTES;
	target[position + 2] = EXTENSION.attachment;
	putAside(value, target, position + 3);
}

/** An extension: kind, then the bytes. */
function writeInline(value: Binary, allocate: WriteTarget): void {
	const bytes = binaryBytes(value);
	const length = bytes.length + 1;
	const { target, position } = allocate(headerBytes(length) + 1 + length);
	const at = writeHeader(target, position, 0xc7, length);
	target[at] = EXTENSION.binary;
	target[at + 1] = binaryKind(value);
	target.set(bytes, at + 2);
}

/** MessagePack's own binary type, which every language reads. */
function writePlain(value: Binary, allocate: WriteTarget): void {
	const bytes = binaryBytes(value);
	const length = bytes.length;
	const { target, position } = allocate(headerBytes(length) + length);
	target.set(bytes, writeHeader(target, position, 0xc4, length));
}

/** Bytes of a type and a length. */
function headerBytes(length: number): number {
	if (length < 0x100) return 2;
	return length < 0x1_0000 ? 3 : 5;
}

/** Writes one of three neighbouring types, by the size of the length, and that; returns where the content goes. */
function writeHeader(
	target: Uint8Array,
	position: number,
	smallest: number,
	length: number,
): number {
	const end = position + headerBytes(length);
	target[position] = smallest + ((end - position + 1) >> 1) - 1;
	let rest = length;
	for (let at = end - 1; at > position; at--) {
		target[at] = rest & 0xff;
		rest >>>= 8;
	}
	return end;
}
