import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packEnvelope, unpackEnvelope } from "./envelope.js";
import { readFlat } from "./flat-reader.js";
import { lendFlat } from "./flat-writer.js";

const leaf = fc.oneof(
	fc.string({ maxLength: 40 }),
	fc.nat(),
	fc.integer(),
	fc.maxSafeInteger(),
	fc.double(),
	fc.boolean(),
	fc.constant(undefined),
	fc.constant(null),
);
const header = fc.letrec((tie) => ({
	map: fc.dictionary(fc.string({ maxLength: 20 }), tie("value"), {
		maxKeys: 8,
		noNullPrototype: true,
	}),
	value: fc.oneof(
		{ depthSize: "small" },
		leaf,
		tie("map"),
		fc.array(tie("value"), { maxLength: 4 }),
	),
})).map;

/** What the thorough reader makes of a header: depth 5 and a stray byte are beyond the flat one. */
function thoroughly(bytes: Uint8Array): unknown {
	return unpackEnvelope(bytes, { maxDepth: 32 });
}

describe("ordinary headers", () => {
	it("are written so that the thorough reader finds in them what it finds in packEnvelope's", () => {
		fc.assert(
			fc.property(header, (value) => {
				const flat = lendFlat(value);
				if (!flat) return;
				expect(thoroughly(flat)).toEqual(thoroughly(packEnvelope(value)));
			}),
		);
	});

	it("are read as the thorough reader reads them, or not at all", () => {
		fc.assert(
			fc.property(header, (value) => {
				const packed = packEnvelope(value);
				const flat = readFlat(packed);
				if (flat) expect(flat).toEqual(thoroughly(packed));
			}),
		);
	});

	it("are left to the thorough reader when there is anything wrong with them", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
				const withMap = Uint8Array.of(0x81, 0xa1, 0x61, ...bytes);
				const flat = readFlat(withMap);
				if (flat) expect(flat).toEqual(thoroughly(withMap));
			}),
			{ numRuns: 2_000 },
		);
	});

	it("take the quick way when they open or answer a small call", () => {
		const call = {
			type: "function_call",
			id: "0123456789abcdefghij-1z",
			function: "tiny",
			deadlineMs: 60_000,
			attempt: 1,
			named: undefined,
		};
		const value = { format: "msgpack", length: 106 };
		const flat = lendFlat(call, { key: "value", value });
		const { named: _left, ...fields } = call;
		expect(flat && readFlat(flat)).toEqual({ ...fields, value });
		const answer = { type: "function_response", runMs: 0.25, queuedMs: 0 };
		const lent = lendFlat(answer);
		expect(lent && readFlat(lent)).toEqual(answer);
	});

	it("give up what is too long, too deep or not plain", () => {
		const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
		expect(readFlat(packEnvelope(deep))).toBeUndefined();
		expect(readFlat(packEnvelope({ a: "é" }))).toBeUndefined();
		expect(readFlat(packEnvelope({ a: new Uint8Array(3) }))).toBeUndefined();
		for (const value of ["x".repeat(600), "é", -1, 2 ** 40, new Date(0), 1n])
			expect(lendFlat({ value })).toBeUndefined();
	});
});
