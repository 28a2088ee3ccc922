import fc from "fast-check";
import { expect, it } from "vitest";
import { fromBase64, toBase64, toBase64Url } from "./base64.js";

it("writes and reads base64 as everyone else does", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
			const buffer = Buffer.from(bytes);
			expect(toBase64(bytes)).toBe(buffer.toString("base64"));
			expect(toBase64Url(bytes)).toBe(buffer.toString("base64url"));
			expect(fromBase64(toBase64(bytes))).toStrictEqual(bytes);
			expect(fromBase64(toBase64Url(bytes))).toStrictEqual(bytes);
		}),
		{ numRuns: 50 },
	);
});

it.each(["A", "A===", "AB C", "ä", "=", "AA=A"])("refuses %s", (text) => {
	expect(fromBase64(text)).toBeUndefined();
});
