import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NumberTable } from "./number-table.js";

describe("NumberTable", () => {
	it("holds what a Map would, whatever is put in and taken out", () => {
		const step = fc.record({
			key: fc.integer({ min: 1, max: 60 }),
			put: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
				const table = new NumberTable<{ key: number }>();
				const map = new Map<number, { key: number }>();
				for (const { key, put } of steps) {
					const value = { key };
					if (put) {
						table.set(key, value);
						map.set(key, value);
					} else {
						table.delete(key);
						map.delete(key);
					}
					expect(table.size).toBe(map.size);
				}
				for (let key = 1; key <= 60; key += 1)
					expect(table.get(key)).toBe(map.get(key));
				const sorted = [...map.keys()].sort((a, b) => a - b);
				expect(table.values().map(({ key }) => key)).toEqual(sorted);
			}),
		);
	});

	it("is empty after clear", () => {
		const table = new NumberTable<object>();
		for (let key = 1; key < 100; key += 2) table.set(key, {});
		table.clear();
		expect([table.size, table.get(1), table.values().length]).toEqual([
			0,
			undefined,
			0,
		]);
	});
});
