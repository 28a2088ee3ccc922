import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { EncodedValue } from "./encoded-value.js";
import { decodeValue, encodeValue } from "./value-codec.js";

const FORMATS = ["msgpack", "structured", "json", "bytes"] as const;

/** Decodes, and fails on any error but the one that is allowed. */
function decodeOrRefuse(encoded: EncodedValue): "decoded" | "refused" {
	try {
		decodeValue(encoded);
		return "decoded";
	} catch (error) {
		expect(error).toBeInstanceOf(EasyRemoteError);
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
		return "refused";
	}
}

function body(
	bytes: number[] | Uint8Array,
	format: (typeof FORMATS)[number] = "msgpack",
	attachments: Uint8Array[] = [],
): EncodedValue {
	return { format, body: Uint8Array.from(bytes), attachments };
}

const sample = [
	{ id: 1, name: "one", at: new Date(5), tags: new Set(["x"]) },
	{ id: 2, name: "two", at: new Date(6), tags: new Set() },
	new Map<unknown, unknown>([["k", [1n, 2n ** 70n, -5, 0.5, null, undefined]]]),
	new Error("e"),
	/x/g,
	new Int16Array([1, 2]),
	new Uint8Array(64 * 1024),
];

describe("hostile bodies", () => {
	it("of random bytes are decoded or refused", () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...FORMATS),
				fc.uint8Array({ maxLength: 64 }),
				(format, bytes) => {
					decodeOrRefuse(body(bytes, format));
				},
			),
			{ numRuns: 5000 },
		);
	});

	it("made of tokens that mean something are decoded or refused", () => {
		const token = fc.constantFrom(
			...[0xd4, 0xd6, 0xc7, 0xc9, 0x72, 0x65, 0x73, 0x78, 0x69, 0x70, 0x74],
			...[0x61, 0x42, 0xff, 0x00, 0x40, 0x41, 0x80, 0x81, 0x90, 0x91, 0x92],
			...[0xa0, 0xa1, 0xc0, 0x01, 0xdc, 0xdd, 0xde, 0xdf, 0xdb, 0x7f, 0xcb],
		);
		fc.assert(
			fc.property(
				fc.constantFrom("msgpack" as const, "structured" as const),
				fc.array(token, { maxLength: 40 }),
				(format, bytes) => {
					decodeOrRefuse(body(bytes, format));
				},
			),
			{ numRuns: 20_000 },
		);
	});

	it("made by changing an honest one are decoded or refused", () => {
		const honest = {
			msgpack: encodeValue(sample),
			structured: encodeValue([sample, sample], { format: "structured" }),
		};
		fc.assert(
			fc.property(
				fc.constantFrom("msgpack" as const, "structured" as const),
				fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
				fc.nat(3),
				(format, changes, cut) => {
					const bytes = honest[format].body.slice();
					for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
					decodeOrRefuse({
						...honest[format],
						body: bytes.subarray(0, bytes.length - cut),
					});
				},
			),
			{ numRuns: 5000 },
		);
	});

	it("are refused at every length but their own", () => {
		const encoded = encodeValue(sample);
		for (let length = 0; length < encoded.body.length; length++) {
			const cut = { ...encoded, body: encoded.body.subarray(0, length) };
			expect(decodeOrRefuse(cut)).toBe("refused");
		}
	});

	it("may not be nested deeper than 100, or than asked for", () => {
		const nested = (depth: number) => [
			...new Array<number>(depth).fill(0x91),
			0xc0,
		];
		expect(decodeOrRefuse(body(nested(100)))).toBe("decoded");
		expect(decodeOrRefuse(body(nested(101)))).toBe("refused");
		expect(decodeOrRefuse(body(nested(1_000_000)))).toBe("refused");
		const brackets = "[".repeat(1_000_000);
		const json = new TextEncoder().encode(brackets);
		expect(decodeOrRefuse(body(json, "json"))).toBe("refused");
		expect(() => decodeValue(body(nested(5)), { maxDepth: 4 })).toThrow(
			"deeper than 4",
		);
	});

	it.each([
		["empty maps", [0x80]],
		["empty arrays", [0x90]],
		["empty objects", [0xd4, 0x72, 0x40, 0x90, 0x40, 0x40, 0x40, 0x40, 0x40]],
		["sets", [0xd4, 0x73, 0x00, 0x90]],
		["errors", [0xd4, 0x65, 0x00, 0x90]],
		["binaries", [0xc7, 0x01, 0x74, 0x01]],
	])("of 8 MB of %s are refused when they have unfolded too far", (_, unit) => {
		const size = 8 * 1024 * 1024;
		const count = Math.floor(size / unit.length);
		const bytes = new Uint8Array(5 + count * unit.length);
		bytes[0] = 0xdd;
		let elements = count;
		if (unit[1] === 0x72) elements = count * 5;
		new DataView(bytes.buffer).setUint32(1, elements);
		for (let at = 5; at < bytes.length; at += unit.length) bytes.set(unit, at);
		const encoded = {
			format: "msgpack",
			body: bytes,
			attachments: [],
		} as const;
		expect(() => decodeValue(encoded)).toThrow("memory");
		globalThis.gc?.();
		const before = process.memoryUsage().heapUsed;
		expect(() => decodeValue(encoded, { maxHeapBytes: 16e6 })).toThrow(
			"memory",
		);
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(64e6);
	});

	it("that announce more than they hold are refused at once", () => {
		for (const token of [0xc6, 0xc9, 0xdb, 0xdd, 0xdf])
			expect(decodeOrRefuse(body([token, 255, 255, 255, 255, 0]))).toBe(
				"refused",
			);
	});

	it("set no prototype", () => {
		const record = [0xd4, 0x72, 0x40, 0x91, 0xa9];
		const name = [...new TextEncoder().encode("__proto__")];
		const value = decodeValue(
			body([...record, ...name, 0xd4, 0x72, 0x41, 0x91, 0xa1, 0x78, 0x01]),
		);
		expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
		expect(value).toStrictEqual({ __proto_: { x: 1 } });
		const json = decodeValue(
			body(
				new TextEncoder().encode('{"a":{"\\u005f_proto__":{"x":1}}}'),
				"json",
			),
		);
		expect(json).toStrictEqual({ a: { __proto_: { x: 1 } } });
	});

	it.each([
		["lead nowhere", [0xd6, 0x70, 0, 0, 0, 1], "nowhere"],
		[
			"are ids given twice",
			[0x92, ...[0xd6, 0x69, 0, 0, 0, 1, 0x90], ...[0xd6, 0x69, 0, 0, 0, 1, 0]],
			"same id",
		],
		[
			"are ids of ids without end",
			new Array<number[]>(200)
				.fill([])
				.flatMap((_, id) => [0xd6, 0x69, 0, 0, 0, id]),
			"deeper",
		],
	])("whose references %s are refused", (_, bytes, reason) => {
		expect(() => decodeValue(body(bytes, "structured"))).toThrow(reason);
	});

	it("that use references are refused by the default format", () => {
		const loop: unknown[] = [];
		loop.push(loop);
		const encoded = encodeValue(loop, { format: "structured" });
		expect(decodeOrRefuse({ ...encoded, format: "msgpack" })).toBe("refused");
	});
});

describe("hostile attachments", () => {
	const encoded = encodeValue([
		new Float64Array(8192),
		new Uint8Array(64 * 1024),
	]);
	const [floats, bytes] = encoded.attachments as [Uint8Array, Uint8Array];

	it.each([
		["none", []],
		["one too few", [floats]],
		["one too many", [floats, bytes, bytes]],
		["one shorter than announced", [floats, bytes.subarray(1)]],
	])("%s is refused", (_, attachments) => {
		expect(decodeOrRefuse({ ...encoded, attachments })).toBe("refused");
	});

	it("with a wrong index, kind or length are refused", () => {
		const placeholder = (kind: number, index: number, length: number) => {
			const data = new Uint8Array(16);
			const view = new DataView(data.buffer);
			data.set([0xc7, 13, 0x61, kind]);
			view.setUint32(4, index);
			view.setFloat64(8, length);
			return body(data, "msgpack", [new Uint8Array(100_001)]);
		};
		expect(decodeOrRefuse(placeholder(1, 0, 100_001))).toBe("decoded");
		expect(decodeOrRefuse(placeholder(1, 1, 100_001))).toBe("refused");
		expect(decodeOrRefuse(placeholder(1, 0, 100_000))).toBe("refused");
		expect(decodeOrRefuse(placeholder(99, 0, 100_001))).toBe("refused");
		expect(decodeOrRefuse(placeholder(7, 0, 100_001))).toBe("refused");
		expect(decodeOrRefuse(placeholder(1, 0, Number.NaN))).toBe("refused");
	});

	it("may not follow a format that has none", () => {
		expect(decodeOrRefuse(body([0x31], "json", [bytes]))).toBe("refused");
		expect(decodeOrRefuse(body([0x31], "bytes", [bytes]))).toBe("refused");
	});
});
