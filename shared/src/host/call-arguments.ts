import type { EncodedValue } from "../codec/encoded-value.js";
import { decodeValue } from "../codec/value-codec.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMessageOf } from "../protocol/call-messages.js";

/**
 * The arguments of a call, in order. They come as an array; as one binary (`bytes`), which is the single argument; or
 * `named`, as REST has them: `{args, kwargs}`, where kwargs that are not empty become one trailing options object.
 * Throws INVALID_ARGUMENT for anything else.
 */
export function readArguments(
	header: CallMessageOf<"function_call">,
	value: EncodedValue | undefined,
): unknown[] {
	if (value === undefined) return [];
	const decoded = decodeValue(value);
	if (value.format === "bytes") return [decoded];
	if (header.named === true) return namedArguments(decoded);
	if (Array.isArray(decoded)) return decoded as unknown[];
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`the arguments of a call are an array, not ${kindOf(decoded)}`,
	);
}

/**
 * The arguments in the body of a REST call, `{args, kwargs}`: kwargs that are not empty become one trailing options
 * object. Throws INVALID_ARGUMENT that says what is wrong with the body.
 */
export function namedArguments(body: unknown): unknown[] {
	if (!isRecord(body)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the body of a call is an object with "args" and "kwargs", not ${kindOf(body)}`,
			{ hint: 'send {"args": [1, 2]}' },
		);
	}
	const { args = [], kwargs = {}, ...others } = body;
	const [unknownKey] = Object.keys(others);
	if (unknownKey !== undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`unknown key "${unknownKey.slice(0, 64)}" in the body of a call`,
			{ hint: 'a body has "args", an array, and "kwargs", an object' },
		);
	}
	if (!Array.isArray(args)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"args" is an array, not ${kindOf(args)}`,
		);
	}
	if (!isRecord(kwargs)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"kwargs" is an object, not ${kindOf(kwargs)}`,
		);
	}
	const list = args as unknown[];
	return Object.keys(kwargs).length > 0 ? [...list, kwargs] : list;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
