import { describe, expect, it } from "vitest";
import { measuredValue } from "./measured-value.js";

const MOST = 1_000_000;

describe("measuredValue", () => {
	it("counts what values hold, whatever they are nested in", () => {
		const bytes = new Uint8Array(10_000);
		for (const value of [
			bytes,
			bytes.buffer,
			"x".repeat(10_000),
			10n ** 24_000n,
			[bytes],
			{ deep: { bytes } },
			new Map([["key", bytes]]),
			new Set([bytes]),
			new Error("x".repeat(10_000)),
			new Array<undefined>(1_000),
		]) {
			const size = measuredValue(value, MOST);
			expect(size).toBeGreaterThanOrEqual(8_000);
			expect(size).toBeLessThan(40_000);
		}
		for (const small of [1, null, undefined, true, new Date(), /x/])
			expect(measuredValue(small, MOST)).toBeLessThan(20);
	});

	it("counts all of the memory that a small view shows a part of", () => {
		const view = new Uint8Array(new ArrayBuffer(500_000), 0, 1);
		expect(measuredValue(view, MOST)).toBeGreaterThan(499_999);
	});

	it("stops at the most, however the value unfolds", () => {
		let laughs: unknown[] = ["ha"];
		for (let level = 0; level < 40; level += 1) laughs = [laughs, laughs];
		const loop: unknown[] = [];
		loop.push(loop);
		for (const bomb of [
			laughs,
			loop,
			new Array(4_294_967_295),
			new Uint8Array(MOST),
			"x".repeat(MOST),
		])
			expect(() => measuredValue(bomb, MOST)).toThrow(RangeError);
	});

	it("takes plain data only", () => {
		const { port1 } = new MessageChannel();
		for (const value of [
			port1,
			new Blob([]),
			new WeakMap(),
			new URL("https://example.com"),
			new SharedArrayBuffer(8),
			new Uint8Array(new SharedArrayBuffer(8)),
			() => 1,
			Symbol("x"),
			[{ inside: port1 }],
		])
			expect(() => measuredValue(value, MOST)).toThrow(TypeError);
		port1.close();
	});
});
