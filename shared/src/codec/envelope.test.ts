import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { packEnvelope, unpackEnvelope } from "./envelope.js";

function refusal(bytes: number[]): string | undefined {
	try {
		unpackEnvelope(Uint8Array.from(bytes));
		return undefined;
	} catch (error) {
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
		return (error as EasyRemoteError).message;
	}
}

describe("envelope", () => {
	it("brings plain data back", () => {
		const plain = fc.jsonValue({ noUnicodeString: false });
		fc.assert(
			fc.property(plain, (value) => {
				const text = JSON.stringify(value);
				fc.pre(!text.includes("__proto__"));
				deepStrictEqual(unpackEnvelope(packEnvelope(value)), JSON.parse(text));
			}),
		);
	});

	it("is MessagePack as its specification has it", () => {
		const bytes = packEnvelope({
			id: 100,
			ok: true,
			data: new Uint8Array([9]),
		});
		expect([...bytes]).toStrictEqual([
			...[0x83, 0xa2, 0x69, 0x64, 100],
			...[0xa2, 0x6f, 0x6b, 0xc3],
			...[0xa4, 0x64, 0x61, 0x74, 0x61, 0xc4, 1, 9],
		]);
	});

	it.each([255, 256, 65_535, 65_536])("carries %i bytes", (size) => {
		const bytes = unpackEnvelope(packEnvelope([new Uint8Array(size), 1]));
		expect(bytes).toMatchObject([{ byteLength: size }, 1]);
	});

	it("leaves out fields that are undefined", () => {
		const bytes = packEnvelope({ a: undefined, b: [undefined], c: null });
		expect(unpackEnvelope(bytes)).toStrictEqual({ b: [null], c: null });
	});

	it("reads 64-bit integers of other languages as numbers", () => {
		expect(
			unpackEnvelope(Uint8Array.from([0xcf, 0, 0, 1, 0, 0, 0, 0, 0])),
		).toBe(2 ** 40);
		expect(unpackEnvelope(packEnvelope(1_764_000_000_000))).toBe(
			1_764_000_000_000,
		);
	});

	it("gives binary as views of what came in, never a Buffer", () => {
		const bytes = Buffer.from(packEnvelope({ data: new Uint8Array(8) }));
		const { data } = unpackEnvelope(bytes) as { data: Uint8Array };
		expect(data.constructor).toBe(Uint8Array);
		expect(data.buffer).toBe(bytes.buffer);
	});

	it.each([
		["nothing", [], "too early"],
		["half a map", [0x81, 0xa1, 0x61], "too early"],
		["a length beyond its end", [0xdd, 255, 255, 255, 255], "too early"],
		["something behind it", [0xc0, 0xc0], "follows"],
		["keys that are not strings", [0x81, 1, 1], "key"],
		["records", [0xd4, 0x72, 0x40, 0x90], "extension"],
		["sets", [0xd4, 0x73, 0, 0x90], "extension"],
		["references", [0xd6, 0x69, 0, 0, 0, 1, 0x90], "extension"],
		["0xc1", [0xc1], "0xc1"],
		["33 levels", [...new Array<number>(33).fill(0x91), 0], "deeper than 32"],
	])("refuses %s", (_, bytes, reason) => {
		expect(refusal(bytes)).toContain(reason);
	});

	it("refuses or reads whatever comes, and throws nothing else", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
				refusal([...bytes]);
			}),
			{ numRuns: 5000 },
		);
	});

	it("sets no prototype", () => {
		const name = new TextEncoder().encode("__proto__");
		const value = unpackEnvelope(Uint8Array.from([0x81, 0xa9, ...name, 0x80]));
		expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
		expect(Object.keys(value as object)).toStrictEqual(["__proto_"]);
	});

	it("writes integers over 64 bits as text", () => {
		const [large, most] = [2n ** 70n, 2n ** 64n - 1n];
		expect(unpackEnvelope(packEnvelope({ large }))).toEqual({
			large: large.toString(),
		});
		expect(unpackEnvelope(packEnvelope({ most }))).toEqual({
			most: Number(most),
		});
	});

	it("writes what it has no word for as JSON would", () => {
		class Point {
			x = 1;
			toJSON() {
				return `(${this.x})`;
			}
		}
		const value = {
			map: new Map<unknown, unknown>([["a", 1]]),
			pairs: new Map<unknown, unknown>([[1, "a"]]),
			set: new Set([1, 2]),
			error: Object.assign(new TypeError("no"), { code: "E" }),
			pattern: /x/u,
			date: new Date(5.5),
			older: new Date(-1),
			point: new Point(),
			view: new DataView(Uint8Array.of(7).buffer),
		};
		expect(unpackEnvelope(packEnvelope(value))).toStrictEqual({
			map: { a: 1 },
			pairs: [[1, "a"]],
			set: [1, 2],
			error: { code: "E", name: "TypeError", message: "no" },
			pattern: "x",
			date: new Date(5),
			older: new Date(-1),
			point: "(1)",
			view: Uint8Array.of(7),
		});
	});

	it("reads dates and numbers in every form that other languages have", () => {
		const timestamp64 = [0xd7, 0xff, 0x3b, 0x9a, 0xc9, 0xfc, 0, 0, 0, 1];
		expect(unpackEnvelope(Uint8Array.from(timestamp64))).toStrictEqual(
			new Date(1_249),
		);
		const numbers: [number[], number][] = [
			[[0xd0, 0x85], -123],
			[[0xd1, 0x85, 0x00], -31_488],
			[[0xd2, 0x80, 0, 0, 0], -(2 ** 31)],
			[[0xd3, 255, 255, 255, 255, 255, 255, 255, 254], -2],
			[[0xce, 255, 255, 255, 255], 2 ** 32 - 1],
			[[0xca, 0x3f, 0xc0, 0, 0], 1.5],
		];
		for (const [bytes, number] of numbers)
			expect(unpackEnvelope(Uint8Array.from(bytes))).toBe(number);
	});

	it("says what it cannot write", () => {
		expect(() => packEnvelope({ f: () => 1 })).toThrow("a function");
		const loop: Record<string, unknown> = {};
		loop["loop"] = loop;
		expect(() => packEnvelope(loop)).toThrow(EasyRemoteError);
		expect(unpackEnvelope(packEnvelope({ a: 1 }))).toStrictEqual({ a: 1 });
	});
});
