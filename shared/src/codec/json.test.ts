import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeValue, encodeValue } from "./value-codec.js";

function text(value: unknown): string {
	return new TextDecoder().decode(encodeValue(value, { format: "json" }).body);
}

function parse(json: string): unknown {
	const body = new TextEncoder().encode(json);
	return decodeValue({ format: "json", body, attachments: [] });
}

describe("json", () => {
	it("brings JSON data back", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const json = JSON.stringify(value);
				fc.pre(!json.includes("__proto__") && !json.includes("$bytes"));
				expect(text(value)).toBe(json);
				deepStrictEqual(parse(json), JSON.parse(json));
			}),
		);
	});

	it.each([
		["binary", new Uint16Array([1, 2]), '{"$bytes":"AQACAA=="}'],
		["an ArrayBuffer", [new ArrayBuffer(1)], '[{"$bytes":"AA=="}]'],
		["a Buffer", { b: Buffer.from("hi") }, '{"b":{"$bytes":"aGk="}}'],
		["BigInt", [2n ** 64n], '["18446744073709551616"]'],
		["NaN and Infinity", [Number.NaN, Infinity], "[null,null]"],
		["undefined", undefined, "null"],
		["undefined inside", { a: undefined, b: [undefined] }, '{"b":[null]}'],
		["a Date", { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
		["a Map", new Map([["a", 1n]]), '{"a":"1"}'],
		["a Map with other keys", new Map([[1, new Set([2])]]), "[[1,[2]]]"],
		["a RegExp", /a+/g, '"a+"'],
		[
			"an Error",
			new RangeError("far"),
			'{"name":"RangeError","message":"far"}',
		],
		["toJSON", { url: new URL("http://x/") }, '{"url":"http://x/"}'],
		["toJSON giving more", { toJSON: () => [1n] }, '["1"]'],
	])("has a word for %s", (_, value, json) => {
		expect(text(value)).toBe(json);
	});

	it("changes nothing of the value", () => {
		const value = { list: [1n], map: new Map([["a", 1]]) };
		text(value);
		expect(value).toStrictEqual({ list: [1n], map: new Map([["a", 1]]) });
	});

	it.each([
		["a function", [() => 1]],
		["a promise", { p: Promise.resolve() }],
		["a symbol", [Symbol("s")]],
	])("refuses %s", (words, value) => {
		expect(() => text(value)).toThrow(
			expect.objectContaining({
				code: "INVALID_ARGUMENT",
				message: expect.stringMatching(new RegExp(words, "i")) as string,
			}),
		);
	});

	it("refuses cycles", () => {
		const loop: unknown[] = [];
		loop.push(loop);
		expect(() => text(loop)).toThrow("refers to itself");
	});

	it("reads $bytes, wherever it stands", () => {
		const bytes = new Uint8Array([1, 0, 2, 0]);
		expect(parse('{"$bytes":"AQACAA=="}')).toStrictEqual(bytes);
		expect(parse('[{"a":{"\\u0024bytes":"AQACAA"}}]')).toStrictEqual([
			{ a: bytes },
		]);
		expect(parse('{"$bytes":"AQ==","other":1}')).toStrictEqual({
			$bytes: "AQ==",
			other: 1,
		});
	});

	it.each([
		"",
		"{",
		"[1,]",
		'{"$bytes":1}',
		'{"$bytes":"*"}',
		'{"$bytes":"A"}',
		"[".repeat(101),
	])("refuses %s", (json) => {
		expect(() => parse(json)).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("counts brackets only outside strings", () => {
		const inside = JSON.stringify([`${"[".repeat(200)}"\\`, "]"]);
		expect(parse(inside)).toStrictEqual(JSON.parse(inside));
	});

	it("refuses what is not UTF-8", () => {
		const body = Uint8Array.from([0x22, 0xff, 0x22]);
		expect(() =>
			decodeValue({ format: "json", body, attachments: [] }),
		).toThrow("malformed JSON");
	});
});
