import { describe, expect, it } from "vitest";
import type { EncodedValue, ValueFormat } from "../codec/encoded-value.js";
import { encodeValue } from "../codec/value-codec.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { readArguments } from "./call-arguments.js";

function read(
	value: unknown,
	format: ValueFormat = "msgpack",
	named?: boolean,
): unknown[] {
	return readEncoded(encodeValue(value, { format }), named);
}

function readEncoded(
	value: EncodedValue | undefined,
	named?: boolean,
): unknown[] {
	return readArguments(
		{
			type: "function_call",
			id: "call_1",
			function: "f",
			attempt: 1,
			...(named === undefined ? {} : { named }),
		},
		value,
	);
}

describe("readArguments", () => {
	it("reads an array, nothing, and a single binary", () => {
		expect(read([1, "two"])).toEqual([1, "two"]);
		expect(readEncoded(undefined)).toEqual([]);
		expect(read(new Uint8Array([1, 2]), "bytes")).toEqual([
			new Uint8Array([1, 2]),
		]);
	});

	it("turns kwargs that are not empty into one trailing object", () => {
		expect(read({ args: [1], kwargs: { width: 2 } }, "json", true)).toEqual([
			1,
			{ width: 2 },
		]);
		expect(read({ args: [1], kwargs: {} }, "json", true)).toEqual([1]);
		expect(read({}, "json", true)).toEqual([]);
	});

	it.each([
		["a bare object", { a: 1 }, false],
		["a text", "x", false],
		["a named array", [1], true],
		["args that are none", { args: 3 }, true],
		["kwargs that are none", { kwargs: [] }, true],
		["a misspelt key", { arguments: [1] }, true],
	])("refuses %s", (_what, value, named) => {
		expect(() => read(value, "json", named)).toThrow(EasyRemoteError);
	});
});
