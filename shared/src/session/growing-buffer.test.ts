import fc from "fast-check";
import { expect, it } from "vitest";
import { GrowingBuffer } from "./growing-buffer.js";

it("holds what came in, in whatever pieces, and no more than it was made for", () => {
	const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
	fc.assert(
		fc.property(pieces, fc.nat(100), (given, length) => {
			const buffer = new GrowingBuffer(length);
			const all = given.flatMap((piece) => [...piece]);
			for (const piece of given) buffer.fill(piece, 0);
			expect(buffer.full).toBe(all.length >= length);
			if (buffer.full) expect([...buffer.take()]).toEqual(all.slice(0, length));
		}),
	);
});

it("says that there is no memory", () => {
	const buffer = new GrowingBuffer(1_000, () => {
		throw new RangeError("Array buffer allocation failed");
	});
	expect(() => buffer.fill(new Uint8Array(1), 0)).toThrow(
		expect.objectContaining({ code: "RESOURCE_EXHAUSTED" }),
	);
});
