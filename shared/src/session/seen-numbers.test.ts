import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeenNumbers } from "./seen-numbers.js";

describe("SeenNumbers", () => {
	it("knows exactly the numbers that were added, in any order", () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.nat({ max: 300 }), { maxLength: 100 }),
				(picked) => {
					const seen = new SeenNumbers(1);
					const numbers = picked.map((index) => 2 * index + 1);
					for (const number of numbers) {
						expect(seen.has(number)).toBe(false);
						seen.add(number);
					}
					for (let number = 1; number < 610; number += 2)
						expect(seen.has(number)).toBe(numbers.includes(number));
				},
			),
		);
	});

	it("refuses numbers of the wrong end and leaps that nothing explains", () => {
		const seen = new SeenNumbers(2);
		expect(seen.allows(2)).toBe(true);
		expect(seen.allows(3)).toBe(false);
		expect(seen.allows(0)).toBe(false);
		expect(() => {
			seen.add(4_000_000_000);
		}).toThrow(/skips too many/);
	});
});
