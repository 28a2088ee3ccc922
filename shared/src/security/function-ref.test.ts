import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { parseRef } from "./function-ref.js";

describe("parseRef", () => {
	it("takes the four forms apart", () => {
		expect(parseRef("add")).toEqual({ kind: "any", function: "add" });
		expect(parseRef("gpu-1.add")).toEqual({
			kind: "node",
			node: "gpu-1",
			function: "add",
		});
		expect(parseRef("images/resize")).toEqual({
			kind: "bundle",
			bundle: "images",
			version: undefined,
			function: "resize",
		});
		expect(parseRef("images@1.2.0-rc.1/resize")).toEqual({
			kind: "bundle",
			bundle: "images",
			version: "1.2.0-rc.1",
			function: "resize",
		});
	});

	it.each([
		...["", ".", "/", "a.", ".a", "a.b.c", "1a", "a b", "a/b/c", "a/b.c"],
		...["@1/f", "a@/f", "a@../f", "a@1@2/f", "../a", "a\0", "a\n", "%2e"],
		...["é", "a".repeat(65)],
	])("refuses %j", (text) => {
		expect(() => parseRef(text)).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("gives names or throws its own error, whatever the text", () => {
		const unit = fc.constantFrom("a", "1", ".", "/", "@", "-", "%", "\0", "é");
		fc.assert(
			fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
				try {
					expect(parseRef(text).function).toMatch(/^[a-z][a-z0-9-]*$/);
				} catch (error) {
					expect(error).toBeInstanceOf(EasyRemoteError);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
