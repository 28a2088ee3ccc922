import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGlob, matchesGlob } from "./glob.js";

describe("matchesGlob", () => {
	it.each([
		["add", "add", true],
		["add", "adds", false],
		["*", "anything", true],
		["*", "", true],
		["", "", true],
		["", "a", false],
		["gpu-*", "gpu-1", true],
		["gpu-*", "gpu-", true],
		["gpu-*", "cpu-1", false],
		["*-gpu", "a-gpu-gpu", true],
		["a*b*c", "a-b-b-c", true],
		["a*b*c", "a-c-b", false],
		["*", "node.function", false],
		["gpu*", "gpu-1.add", false],
		["*.*", "node.function", true],
		["gpu-1.*", "gpu-1.add", true],
		["gpu-1.*", "gpu-10.add", false],
		["b/*", "b/f", true],
	])("%j on %j is %j", (pattern, text, expected) => {
		expect(matchesGlob(pattern, text)).toBe(expected);
	});

	it("agrees with the regular expression that says the same", () => {
		const letters = fc.constantFrom("a", "b", ".", "*");
		fc.assert(
			fc.property(
				fc.string({ unit: letters, maxLength: 8 }),
				fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 10 }),
				(pattern, text) => {
					const source = pattern
						.replaceAll(".", String.raw`\.`)
						.replaceAll("*", "[^.]*");
					expect(matchesGlob(pattern, text)).toBe(
						new RegExp(`^${source}$`).test(text),
					);
				},
			),
			{ numRuns: 5000 },
		);
	});

	it("takes no longer for a pattern made to take long", () => {
		const pattern = `${"*a".repeat(99)}b`;
		const started = performance.now();
		for (let run = 0; run < 100; run++)
			expect(matchesGlob(pattern, "a".repeat(200))).toBe(false);
		expect(performance.now() - started).toBeLessThan(1000);
	});
});

it.each(["", "a b", "a\n", "(a)", "[a]", "ä", "a".repeat(201)])(
	"%j is no pattern",
	(text) => {
		expect(isGlob(text)).toBe(false);
	},
);
