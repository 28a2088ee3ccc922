import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { byteLength, type EncodedValue } from "./encoded-value.js";
import { decodeValue, encodeValue } from "./value-codec.js";

const KIB_64 = 64 * 1024;

/** What the far end has: the same bytes, each attachment in a buffer of its own. */
function travel(encoded: EncodedValue): EncodedValue {
	return {
		format: encoded.format,
		body: encoded.body.slice(),
		attachments: encoded.attachments.map((bytes) => bytes.slice()),
	};
}

function roundTrip(value: unknown, format: "msgpack" | "structured"): unknown {
	return decodeValue(travel(encodeValue(value, { format })));
}

const key = fc
	.oneof(
		fc.string(),
		fc.constantFrom("a", "b", "c", "0", "constructor", "hasOwnProperty"),
	)
	.filter((text) => text !== "__proto__");

const leaf = fc.oneof(
	fc.constantFrom(null, undefined, true, false, Number.NaN, /a+/gi),
	fc.integer(),
	fc.double().map((number) => number + 0),
	fc.string({ unit: "grapheme" }),
	fc.bigInt(),
	fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
	// One that is none is not equal to itself, and has a test of its own.
	fc.date({ noInvalidDate: true }),
	fc.uint8Array(),
	fc.uint8ClampedArray(),
	fc.int16Array(),
	fc.float32Array(),
	fc.bigInt64Array(),
	fc.uint8Array().map((bytes) => bytes.buffer),
	fc.uint8Array().map((bytes) => new DataView(bytes.buffer)),
	fc.constantFrom(KIB_64, KIB_64 + 8).map((size) => new Uint8Array(size)),
	fc.constant(KIB_64).map((size) => new Float64Array(size / 8).fill(0.5)),
	fc.constant(KIB_64).map((size) => new ArrayBuffer(size)),
);

const { anything } = fc.letrec((tie) => ({
	anything: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		{ weight: 4, arbitrary: leaf },
		{ weight: 3, arbitrary: fc.array(tie("anything")) },
		{
			weight: 4,
			arbitrary: fc.dictionary(key, tie("anything"), { noNullPrototype: true }),
		},
		{
			weight: 2,
			arbitrary: fc
				.array(fc.tuple(tie("anything"), tie("anything")))
				.map((entries) => new Map(entries)),
		},
		{
			weight: 2,
			arbitrary: fc.array(tie("anything")).map((items) => new Set(items)),
		},
	),
}));

/** Values that refer to each other in any way. */
const graph = fc
	.tuple(
		fc.array(fc.constantFrom("object", "array", "map", "set"), {
			minLength: 1,
			maxLength: 8,
		}),
		fc.array(fc.tuple(fc.nat(), fc.nat())),
	)
	.map(([kinds, edges]) => {
		const nodes = kinds.map((kind) => {
			if (kind === "object") return {};
			if (kind === "array") return [];
			return kind === "map" ? new Map<unknown, unknown>() : new Set();
		});
		for (const [index, [from, to]] of edges.entries()) {
			const node = nodes[from % nodes.length];
			const other = nodes[to % nodes.length];
			if (Array.isArray(node)) node.push(other);
			else if (node instanceof Map) node.set(index, other);
			else if (node instanceof Set) node.add(other);
			else Object.assign(node!, { [`k${index}`]: other });
		}
		return nodes[0];
	});

describe.each(["msgpack", "structured"] as const)("%s", (format) => {
	it("keeps a date that is none", () => {
		const back = roundTrip(new Date(Number.NaN), format);
		expect(back).toBeInstanceOf(Date);
		expect(Number(back)).toBeNaN();
	});

	it("brings every value back as it was", () => {
		fc.assert(
			fc.property(anything, (value) => {
				deepStrictEqual(roundTrip(value, format), value);
			}),
			{ numRuns: 200 },
		);
	});

	it.each([0, 1, 254, 255, 256, KIB_64 - 2, KIB_64 - 1, KIB_64])(
		"keeps binary of %i bytes",
		(size) => {
			const bytes = new Uint8Array(size).fill(5);
			const [arrived, after] = roundTrip([bytes, "x"], format) as unknown[];
			deepStrictEqual(arrived, bytes);
			expect(after).toBe("x");
		},
	);

	it("keeps texts of every length, whatever their letters take", () => {
		for (const length of [0, 31, 32, 64, 65, 85, 86, 255, 256, 21_845, 21_846])
			for (const letter of ["a", "\u00e9", "\u20ac", "\ufeff"]) {
				const value = [letter.repeat(length), "end"];
				expect(roundTrip(value, format)).toStrictEqual(value);
			}
	});

	it("keeps keys that have a meaning to objects or encoders", () => {
		const value = { constructor: 1, __keys__: 2, toString: 3, 0: 4, "": 5 };
		expect(roundTrip([value, value], format)).toStrictEqual([value, value]);
	});

	it("takes the word of objects that say how they are written", () => {
		const place = new URL("https://example.org/");
		expect(roundTrip([place, place], format)).toStrictEqual([
			place.href,
			place.href,
		]);
	});

	it("keeps integers of any size", () => {
		for (const bits of [63n, 64n, 65n, 128n, 65_536n, 100_000n]) {
			for (const delta of [-1n, 0n, 1n]) {
				const value = 2n ** bits + delta;
				expect(roundTrip([value, -value], format)).toEqual([value, -value]);
			}
		}
	});

	it("keeps the types that JSON loses", () => {
		const value = {
			big: 2n ** 64n,
			date: new Date(0),
			missing: undefined,
			map: new Map<unknown, unknown>([[{ a: 1 }, new Set([1, "1"])]]),
			pattern: /x/u,
			floats: new Float32Array([1.5, Number.NaN]),
		};
		expect(roundTrip(value, format)).toStrictEqual(value);
	});

	it("sends errors with their own fields, without a stack", () => {
		const error = Object.assign(
			new TypeError("no", { cause: new Error("because") }),
			{ code: "E_NO", at: [1, 2], retry: () => true },
		);
		const arrived = roundTrip(error, format) as typeof error;
		expect(arrived).toBeInstanceOf(TypeError);
		expect(arrived).toMatchObject({
			message: "no",
			code: "E_NO",
			at: [1, 2],
			cause: { message: "because" },
		});
		expect(Object.keys(arrived)).toStrictEqual(["code", "at"]);
		expect(arrived.stack).toBe("TypeError: no");
	});

	it("sends errors of unknown classes under their name", () => {
		const error = new EasyRemoteError("NOT_FOUND", "gone", { hint: "look" });
		const arrived = roundTrip(error, format);
		expect(arrived).toBeInstanceOf(Error);
		expect(arrived).toMatchObject({
			name: "EasyRemoteError",
			code: "NOT_FOUND",
			hint: "look",
		});
		const aggregate = roundTrip(new AggregateError([error], "all"), format);
		expect(aggregate).toBeInstanceOf(AggregateError);
		expect((aggregate as AggregateError).errors).toHaveLength(1);
	});

	it("brings a Buffer and shared memory back as plain memory", () => {
		const shared = new Uint8Array(new SharedArrayBuffer(KIB_64)).fill(7);
		const [buffer, large, memory] = roundTrip(
			[Buffer.from("hi"), Buffer.alloc(KIB_64), shared],
			format,
		) as Uint8Array[];
		expect(buffer).toStrictEqual(new Uint8Array([104, 105]));
		expect(large?.constructor).toBe(Uint8Array);
		expect(memory?.buffer).toBeInstanceOf(ArrayBuffer);
		expect(memory?.[9]).toBe(7);
	});

	it("keeps shapes apart when there are more of them than ids", () => {
		const rows = Array.from({ length: 1000 }, (_, index) => ({
			[`key${index % 130}`]: index,
			[`other${index % 7}`]: { index },
		}));
		expect(roundTrip(rows, format)).toStrictEqual(rows);
	});

	it.each([
		["a function", { f: () => 1 }, "a function"],
		["a promise", [Promise.resolve(1)], "await it first"],
		["a symbol", Symbol("s"), "symbol"],
		["an iterator", [1].values(), "an iterator"],
		["an async iterable", { s: (async function* () {})() }, "async iterable"],
		["a stream", [new ReadableStream()], "stream"],
		["a Blob", new Blob(["x"]), "arrayBuffer"],
	])("refuses %s by name", (_, value, words) => {
		let error: unknown;
		try {
			encodeValue(value, { format });
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
		const { message, hint } = error as EasyRemoteError;
		expect(`${message} ${hint ?? ""}`).toContain(words);
	});

	it("encodes from within a getter of a value being encoded", () => {
		const inner = new Uint8Array(KIB_64).fill(1);
		const value = {
			before: new Uint8Array(KIB_64).fill(2),
			get nested() {
				return byteLength(encodeValue([inner, "x".repeat(KIB_64)], { format }));
			},
			after: "y".repeat(100),
		};
		expect(roundTrip(value, format)).toStrictEqual({
			before: value.before,
			nested: value.nested,
			after: value.after,
		});
	});
});

describe("cycles", () => {
	it("are kept by the structured format", () => {
		fc.assert(
			fc.property(graph, (value) => {
				deepStrictEqual(roundTrip(value, "structured"), value);
			}),
			{ numRuns: 500 },
		);
	});

	it("are refused by the default format", () => {
		const loop: unknown[] = [];
		loop.push({ loop });
		expect(() => encodeValue(loop)).toThrow("refers to itself");
		expect(roundTrip({ a: 1 }, "msgpack")).toStrictEqual({ a: 1 });
	});

	it.each([
		["object", { n: 1 }],
		["date", new Date(1)],
		["pattern", /x/],
		["binary", new Uint8Array([1])],
		["large binary", new Uint8Array(KIB_64)],
	])("keep one %s one", (_, shared) => {
		const [a, b] = roundTrip([shared, [shared]], "structured") as [
			unknown,
			unknown[],
		];
		expect(a).toStrictEqual(shared);
		expect(b[0]).toBe(a);
	});

	it("are kept by errors", () => {
		const error = new Error("outer");
		Object.assign(error, { self: error, cause: { error } });
		const back = roundTrip({ error }, "structured") as { error: typeof error };
		expect(Reflect.get(back.error, "self")).toBe(back.error);
		expect(back.error.cause).toStrictEqual({ error: back.error });
	});
});

describe("attachments", () => {
	it("are views of the caller's memory", () => {
		const memory = new Float64Array(KIB_64);
		const part = memory.subarray(8);
		const { attachments, body } = encodeValue({ part, small: [1] });
		expect(attachments).toHaveLength(1);
		expect(attachments[0]?.buffer).toBe(memory.buffer);
		expect(attachments[0]?.byteOffset).toBe(64);
		expect(body.length).toBeLessThan(64);
	});

	it("become the value without a copy when they fill their buffer", () => {
		const encoded = encodeValue([new Float32Array(KIB_64).fill(0.5)]);
		const received = travel(encoded);
		const [floats] = decodeValue(received) as [Float32Array];
		expect(floats.buffer).toBe(received.attachments[0]?.buffer);
		expect(floats[9]).toBe(0.5);
	});

	it("are copied out of a buffer that holds more", () => {
		const encoded = encodeValue([new Float32Array(KIB_64).fill(0.5)]);
		const shared = new Uint8Array(encoded.attachments[0]!.length + 3);
		shared.set(encoded.attachments[0]!, 1);
		const [floats] = decodeValue({
			...encoded,
			attachments: [shared.subarray(1, -2)],
		}) as [Float32Array];
		expect(
			Buffer.compare(new Uint8Array(floats.buffer), encoded.attachments[0]!),
		).toBe(0);
		expect(floats.buffer.byteLength).toBe(floats.byteLength);
	});

	it("are of one value only", () => {
		const small = encodeValue([1]);
		const large = encodeValue(new Uint8Array(KIB_64));
		encodeValue([new Uint8Array(KIB_64), new Uint8Array(KIB_64)]);
		expect(small.attachments).toHaveLength(0);
		expect(large.attachments).toHaveLength(1);
	});

	it("begin at 64 KiB", () => {
		expect(encodeValue(new Uint8Array(KIB_64 - 1)).attachments).toEqual([]);
		expect(encodeValue(new Uint8Array(KIB_64)).attachments).toHaveLength(1);
		expect(byteLength(encodeValue(new Uint8Array(KIB_64)))).toBeLessThan(
			KIB_64 + 32,
		);
	});
});

describe("bodies", () => {
	it("do not share memory with each other", () => {
		const first = encodeValue("first");
		const large = encodeValue("x".repeat(2 * KIB_64));
		const copy = large.body.slice();
		encodeValue("y".repeat(2 * KIB_64));
		encodeValue("other");
		expect(decodeValue(first)).toBe("first");
		expect(Buffer.compare(large.body, copy)).toBe(0);
		expect(first.body.constructor).toBe(Uint8Array);
	});
});

describe("bytes", () => {
	it("is the binary as such", () => {
		const view = new Uint16Array([1, 2]);
		const encoded = encodeValue(view, { format: "bytes" });
		expect(encoded.body.buffer).toBe(view.buffer);
		expect(decodeValue(encoded)).toStrictEqual(new Uint8Array([1, 0, 2, 0]));
	});

	it("takes nothing else", () => {
		expect(() => encodeValue([1], { format: "bytes" })).toThrow("binary");
	});
});
