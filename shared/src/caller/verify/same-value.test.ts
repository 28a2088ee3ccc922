import { describe, expect, it } from "vitest";
import { sameValue } from "./same-value.js";

const floats = (...numbers: number[]) => new Float64Array(numbers);

describe("the same value", () => {
	it.each<[string, unknown, unknown]>([
		["numbers that are none", Number.NaN, Number.NaN],
		["objects whatever the order", { a: 1, b: [2] }, { b: [2], a: 1 }],
		["typed arrays", floats(1, 2), floats(1, 2)],
		[
			"views of the same bytes",
			new Uint8Array([0, 1]).subarray(1),
			new Uint8Array([1]),
		],
		["dates", new Date(5), new Date(5)],
		["maps", new Map([["a", [1]]]), new Map([["a", [1]]])],
		["sets", new Set([1, "x"]), new Set([1, "x"])],
		["errors", new TypeError("no"), new TypeError("no")],
		["patterns", /a/g, /a/g],
		["bigints", 12n, 12n],
		["nothing", undefined, undefined],
	])("%s", (_what, a, b) => {
		expect(sameValue(a, b)).toBe(true);
		expect(sameValue(b, a)).toBe(true);
	});

	it.each<[string, unknown, unknown]>([
		["zeros of other signs", 0, -0],
		["a bit at the end", 0.1 + 0.2, 0.3],
		["text and number", "1", 1],
		["null and an object", null, {}],
		["a field more", { a: 1 }, { a: 1, b: undefined }],
		["another field", { a: undefined }, { b: undefined }],
		["array and object", [1], { 0: 1 }],
		["kinds of numbers", floats(1), new Float32Array([1])],
		["bytes", new Uint8Array([1]), new Uint8Array([2])],
		["lengths", floats(1), floats(1, 1)],
		["dates", new Date(5), new Date(6)],
		[
			"maps in another order",
			new Map([
				["a", 1],
				["b", 2],
			]),
			new Map([
				["b", 2],
				["a", 1],
			]),
		],
		["sets", new Set([1]), new Set([2])],
		["errors of another name", new TypeError("no"), new Error("no")],
		["inherited fields", { toString: 1 }, {}],
		["zeros in bytes", floats(0), floats(-0)],
	])("but for %s", (_what, a, b) => {
		expect(sameValue(a, b)).toBe(false);
		expect(sameValue(b, a)).toBe(false);
	});

	it("may hold itself, and be shared in ways that look endless", () => {
		const ring = (end: number) => {
			const self: unknown[] = [end];
			self.unshift(self);
			return self;
		};
		expect(sameValue(ring(1), ring(1))).toBe(true);
		expect(sameValue(ring(1), ring(2))).toBe(false);
		const tower = () => {
			let top: unknown = [1];
			for (let level = 0; level < 64; level += 1) top = [top, top];
			return top;
		};
		expect(sameValue(tower(), tower())).toBe(true);
	});
});

describe("with a tolerance", () => {
	it.each<[unknown, unknown, boolean]>([
		[1, 1 + 1e-10, true],
		[1e300, 1e300 * (1 + 1e-10), true],
		[1, 1 + 1e-8, false],
		[-1, 1, false],
		[0, -0, true],
		[0, 1e-300, false],
		[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
		[Number.POSITIVE_INFINITY, Number.MAX_VALUE, false],
		[Number.NaN, 1, false],
		[{ a: [floats(1, 2)] }, { a: [floats(1 + 1e-12, 2)] }, true],
		[floats(1), floats(1.1), false],
		[floats(Number.NaN), floats(Number.NaN), true],
		["1", "1.0000000000001", false],
		[new BigInt64Array([1n]), new BigInt64Array([2n]), false],
	])("%s and %s", (a, b, same) => {
		expect(sameValue(a, b, 1e-9)).toBe(same);
		expect(sameValue(b, a, 1e-9)).toBe(same);
	});
});
