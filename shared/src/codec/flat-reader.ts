import { readShortText } from "./short-text.js";
import { readUint32 } from "./uint32.js";

/** Deeper than any header nests. */
const DEEPEST = 4;

/** What a reading that gives up returns. */
const UNUSUAL = Symbol("unusual");

const float = new DataView(new ArrayBuffer(8));

/** Where the reading now under way stands; readings are synchronous and not nested. */
let at = 0;

/**
 * Reads the MessagePack of an ordinary header in one go: a small map of short ASCII texts, numbers, booleans and small
 * maps and lists of those. Undefined for anything else, malformed or merely unusual: `unpackEnvelope`, which reads
 * everything and says what is wrong, then has a look.
 */
export function readFlat(bytes: Uint8Array): object | undefined {
	const token = bytes[0] ?? 0;
	if ((token & 0xf0) !== 0x80) return undefined;
	at = 1;
	const map = readMap(bytes, token & 0x0f, DEEPEST);
	return typeof map === "object" && at === bytes.length ? map : undefined;
}

function readMap(
	bytes: Uint8Array,
	count: number,
	depth: number,
): object | typeof UNUSUAL {
	const map: Record<string, unknown> = {};
	for (let index = 0; index < count; index += 1) {
		const token = bytes[at++] ?? 0;
		if ((token & 0xe0) !== 0xa0) return UNUSUAL;
		const key = readText(bytes, token & 0x1f);
		if (typeof key !== "string" || key === "__proto__") return UNUSUAL;
		const value = readValue(bytes, depth);
		if (value === UNUSUAL) return UNUSUAL;
		map[key] = value;
	}
	return map;
}

function readList(
	bytes: Uint8Array,
	count: number,
	depth: number,
): unknown[] | typeof UNUSUAL {
	const list: unknown[] = [];
	for (let index = 0; index < count; index += 1) {
		const value = readValue(bytes, depth);
		if (value === UNUSUAL) return UNUSUAL;
		list.push(value);
	}
	return list;
}

function readText(bytes: Uint8Array, length: number): string | typeof UNUSUAL {
	const text = readShortText(bytes, at, length);
	at += length;
	return text ?? UNUSUAL;
}

function readValue(bytes: Uint8Array, depth: number): unknown {
	const token = bytes[at++];
	if (token === undefined) return UNUSUAL;
	if (token < 0x80) return token;
	if (token < 0xa0) {
		if (depth === 0) return UNUSUAL;
		const count = token & 0x0f;
		return token < 0x90
			? readMap(bytes, count, depth - 1)
			: readList(bytes, count, depth - 1);
	}
	if (token < 0xc0) return readText(bytes, token & 0x1f);
	return readLong(bytes, token);
}

function readLong(bytes: Uint8Array, token: number): unknown {
	const start = at;
	switch (token) {
		case 0xc2:
			return false;
		case 0xc3:
			return true;
		case 0xcb:
			at += 8;
			for (let index = 0; index < 8; index += 1)
				float.setUint8(index, bytes[start + index] ?? 0);
			return float.getFloat64(0);
		case 0xcc:
			at += 1;
			return bytes[start] ?? UNUSUAL;
		case 0xcd:
			at += 2;
			return ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
		case 0xce:
			at += 4;
			return readUint32(bytes, start);
		case 0xd9:
			at += 1;
			return readText(bytes, bytes[start] ?? 0);
		default:
			return UNUSUAL;
	}
}
