/** Texts up to this long are remembered: names of fields, types, functions. Ids are longer. */
const REMEMBERED_LENGTH = 20;
const LONGEST = 64;
const SLOTS = 256;

/** The latest text of each hash. */
const remembered = new Array<string | undefined>(SLOTS).fill(undefined);

/**
 * Reads short ASCII, the same few words of which come with every call: comparing bytes with a text that is there costs
 * a fraction of making one. Undefined for what is not ASCII or not short.
 */
export function readShortText(
	bytes: Uint8Array,
	start: number,
	length: number,
): string | undefined {
	if (length > LONGEST) return undefined;
	let hash = length;
	const end = start + length;
	for (let index = start; index < end; index += 1) {
		const byte = bytes[index] ?? 0x80;
		if (byte >= 0x80) return undefined;
		hash = (hash * 31 + byte) | 0;
	}
	if (length > REMEMBERED_LENGTH) return textOf(bytes, start, length);
	const slot = hash & (SLOTS - 1);
	const known = remembered[slot];
	if (known !== undefined && isText(known, bytes, start, length)) return known;
	const text = textOf(bytes, start, length);
	remembered[slot] = text;
	return text;
}

function isText(
	text: string,
	bytes: Uint8Array,
	start: number,
	length: number,
): boolean {
	if (text.length !== length) return false;
	for (let index = 0; index < length; index += 1)
		if (text.charCodeAt(index) !== bytes[start + index]) return false;
	return true;
}

/** Room for the characters of a text of each length: given a list, the engine makes a text in a tenth of the time. */
const codesOfLength = Array.from({ length: LONGEST + 1 }, (_, length) =>
	new Array<number>(length).fill(0),
);

function textOf(bytes: Uint8Array, start: number, length: number): string {
	const codes = codesOfLength[length] ?? [];
	for (let index = 0; index < length; index += 1)
		codes[index] = bytes[start + index] ?? 0;
	return String.fromCharCode.apply(undefined, codes);
}
