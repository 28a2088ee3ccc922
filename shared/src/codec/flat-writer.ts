import { writeUint32 } from "./uint32.js";

/** Room for an ordinary header, bytes. */
const ROOM = 512;

/** What one value takes at most besides the characters of a text, bytes. */
const LARGEST_HEAD = 9;

const room = new Uint8Array(ROOM);
const float = new DataView(new ArrayBuffer(8));

/** Where the writing now under way stands, or -1 once it has given up. */
let at = 0;

/**
 * Writes an ordinary header as MessagePack: a small object of short ASCII texts, numbers from 0, booleans and small
 * objects and lists of those; undefined fields are left out. The bytes are lent: they are gone with the next writing.
 * Undefined for anything else, which is for `packEnvelope`.
 *
 * @param extra one more field, where there is something in it
 */
export function lendFlat(
	header: object,
	extra?: { readonly key: string; readonly value: object | undefined },
): Uint8Array | undefined {
	at = 0;
	writeMap(header, extra?.value ? 1 : 0);
	if (extra?.value) {
		writeText(extra.key);
		writeValue(extra.value);
	}
	return at < 0 ? undefined : room.subarray(0, at);
}

function writeMap(map: object, more: number): void {
	const head = at;
	let count = more;
	at += 1;
	for (const key in map) {
		const value = (map as Readonly<Record<string, unknown>>)[key];
		if (value === undefined) continue;
		count += 1;
		writeText(key);
		writeValue(value);
		if (at < 0) return;
	}
	if (count > 15) at = -1;
	else room[head] = 0x80 | count;
}

function writeValue(value: unknown): void {
	if (at < 0 || at + LARGEST_HEAD > ROOM) {
		at = -1;
		return;
	}
	if (typeof value === "string") writeText(value);
	else if (typeof value === "number") writeNumber(value);
	else if (typeof value === "boolean") room[at++] = value ? 0xc3 : 0xc2;
	else if (Array.isArray(value)) writeList(value as unknown[]);
	else if (isPlain(value)) writeMap(value, 0);
	else at = -1;
}

function writeList(list: readonly unknown[]): void {
	if (list.length > 15) {
		at = -1;
		return;
	}
	room[at++] = 0x90 | list.length;
	for (const value of list) writeValue(value);
}

function writeNumber(value: number): void {
	if (Number.isInteger(value)) {
		if (value < 0 || value > 0xffff_ffff || Object.is(value, -0)) at = -1;
		else if (value < 0x80) room[at++] = value;
		else if (value < 0x1_0000) {
			room[at++] = 0xcd;
			room[at++] = value >>> 8;
			room[at++] = value;
		} else {
			room[at++] = 0xce;
			writeUint32(room, at, value);
			at += 4;
		}
		return;
	}
	room[at++] = 0xcb;
	float.setFloat64(0, value);
	for (let index = 0; index < 8; index += 1) room[at++] = float.getUint8(index);
}

function writeText(text: string): void {
	const { length } = text;
	if (at < 0 || length > 0xff || at + 2 + length > ROOM) {
		at = -1;
		return;
	}
	if (length < 0x20) room[at++] = 0xa0 | length;
	else {
		room[at++] = 0xd9;
		room[at++] = length;
	}
	for (let index = 0; index < length; index += 1) {
		const code = text.charCodeAt(index);
		if (code >= 0x80) {
			at = -1;
			return;
		}
		room[at++] = code;
	}
}

function isPlain(value: unknown): value is object {
	return (
		typeof value === "object" &&
		value !== null &&
		Object.getPrototypeOf(value) === Object.prototype
	);
}
