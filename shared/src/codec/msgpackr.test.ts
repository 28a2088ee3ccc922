import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { packEnvelope, unpackEnvelope } from "./envelope.js";
import { decodeValue, encodeValue } from "./value-codec.js";

const OPTIONS = { moreTypes: true, useRecords: true, structuredClone: false };

/** Bounds and neighbours of every width there is. */
const edges = [7, 8, 15, 16, 31, 32, 53].flatMap((bits) =>
	[-1, 0, 1].flatMap((delta) => [2 ** bits + delta, -(2 ** bits) + delta]),
);

const key = fc.string().filter((text) => !/^__/.test(text));
const leaf = fc.oneof(
	fc.constantFrom(null, undefined, true, false, Number.NaN, /a+/gi, ...edges),
	fc.integer(),
	fc.double().map((number) => number + 0),
	fc.string({ unit: "grapheme", maxLength: 300 }),
	fc.bigInt(),
	fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
	fc.date({ noInvalidDate: true }),
	fc.uint8Array(),
	fc.float64Array(),
	fc.constantFrom(255, 256, 40_000).map((size) => new Uint8Array(size)),
);
const { anything } = fc.letrec((tie) => ({
	anything: fc.oneof(
		{ depthSize: "small" },
		leaf,
		fc.array(tie("anything"), { maxLength: 20 }),
		fc.dictionary(key, tie("anything"), { noNullPrototype: true }),
		fc
			.array(fc.tuple(tie("anything"), tie("anything")))
			.map((entries) => new Map(entries)),
		fc.array(tie("anything")).map((items) => new Set(items)),
	),
}));

describe("another implementation", () => {
	it("reads what is written here", () => {
		const unpackr = new Unpackr({ ...OPTIONS, copyBuffers: true });
		fc.assert(
			fc.property(anything, (value) => {
				const { body } = encodeValue(value);
				deepStrictEqual(unpackr.unpack(body), value);
			}),
		);
	});

	it("writes what is read here", () => {
		const packr = new Packr(OPTIONS);
		fc.assert(
			fc.property(anything, (value) => {
				const body = new Uint8Array(packr.pack(value));
				const encoded = { format: "msgpack", body, attachments: [] } as const;
				deepStrictEqual(decodeValue(encoded), value);
			}),
		);
	});

	it("takes no more bytes for it", () => {
		const packr = new Packr(OPTIONS);
		const rows = Array.from({ length: 200 }, (_, id) => ({
			id: id * 7,
			name: `row ${id}`,
			at: { x: -id, y: id / 3 },
		}));
		for (const value of [[1, "two", { three: 3 }], rows, edges])
			expect(encodeValue(value).body.length).toBeLessThanOrEqual(
				packr.pack(value).length,
			);
	});

	it("agrees about plain MessagePack", () => {
		const plain = new Packr({
			useRecords: false,
			variableMapSize: true,
			mapsAsObjects: true,
		});
		fc.assert(
			fc.property(fc.jsonValue(), (drawn) => {
				const text = JSON.stringify(drawn);
				fc.pre(!text.includes("__"));
				// Without zeros below zero.
				const value: unknown = JSON.parse(text);
				deepStrictEqual(plain.unpack(packEnvelope(value)), value);
				const packed = new Uint8Array(plain.pack(value));
				deepStrictEqual(unpackEnvelope(packed), value);
			}),
		);
	});
});
