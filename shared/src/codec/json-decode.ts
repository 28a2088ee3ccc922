import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromBase64 } from "./base64.js";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads JSON text from a stranger. `{"$bytes": "<base64>"}` becomes a Uint8Array; a key `__proto__` arrives as
 * `__proto_`, as in MessagePack, so that no later copy of the value sets a prototype.
 * Throws INVALID_ARGUMENT for what is not JSON in UTF-8, or nested deeper than `maxDepth`.
 */
export function decodeJson(body: Uint8Array, maxDepth: number): unknown {
	checkDepth(body, maxDepth);
	let text: string;
	let value: unknown;
	try {
		text = decoder.decode(body);
		value = JSON.parse(text);
	} catch (error) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`malformed JSON: ${error instanceof Error ? error.message : "unknown reason"}`,
			{ cause: error },
		);
	}
	return mayNeedRevival(text) ? revive(value) : value;
}

/** Counts brackets outside strings, before a parser makes anything of them. */
function checkDepth(body: Uint8Array, maxDepth: number): void {
	let depth = 0;
	let inString = false;
	for (let index = 0; index < body.length; index++) {
		const byte = body[index];
		if (inString) {
			if (byte === BACKSLASH) index += 1;
			else if (byte === QUOTE) inString = false;
		} else if (byte === QUOTE) inString = true;
		else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
			depth += 1;
			if (depth > maxDepth) {
				throw new EasyRemoteError(
					"INVALID_ARGUMENT",
					`malformed JSON: nested deeper than ${maxDepth}`,
				);
			}
		} else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
	}
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A cheap look at the text. Either key may also be written with `\u` escapes. */
function mayNeedRevival(text: string): boolean {
	return (
		text.includes('"$bytes"') ||
		text.includes('"__proto__"') ||
		text.includes("\\u")
	);
}

/** Replaces in place what needs it; the value is as fresh as its parser left it. */
function revive(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) {
		for (let index = 0; index < value.length; index++)
			value[index] = revive(value[index]);
		return value;
	}
	const entries = Object.entries(value as Record<string, unknown>);
	const [only] = entries;
	if (only !== undefined && entries.length === 1 && only[0] === "$bytes")
		return reviveBytes(only[1]);
	return Object.fromEntries(
		entries.map(([key, item]) => [
			key === "__proto__" ? "__proto_" : key,
			revive(item),
		]),
	);
}

function reviveBytes(encoded: unknown): Uint8Array {
	const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
	if (bytes === undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			'"$bytes" must be a string of base64',
		);
	}
	return bytes;
}
