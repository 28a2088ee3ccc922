import { describe, expect, it } from "vitest";
import { Slots } from "./slots.js";

describe("Slots", () => {
	it("holds what was added and not removed, and gives places out again", () => {
		const slots = new Slots<{ name: string }>();
		const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }));
		if (!a || !b || !c) return;
		slots.add(a);
		const place = slots.add(b);
		slots.remove(place);
		slots.remove(place);
		expect([slots.size, ...slots]).toEqual([1, a]);
		expect(slots.add(c)).toBe(place);
		expect(new Set(slots)).toEqual(new Set([a, c]));
		slots.clear();
		expect([slots.size, ...slots]).toEqual([0]);
	});

	it("may be emptied while it is walked", () => {
		const slots = new Slots<{ place: number }>();
		for (let count = 0; count < 3; count += 1) {
			const one = { place: 0 };
			one.place = slots.add(one);
		}
		for (const { place } of slots) slots.remove(place);
		expect(slots.size).toBe(0);
	});
});
