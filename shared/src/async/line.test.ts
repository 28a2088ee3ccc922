import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Line } from "./line.js";

interface Waiting {
	readonly name: number;
}

describe("Line", () => {
	it("serves in order of arrival those that have not left", () => {
		const step = fc.oneof(
			fc.constant("join" as const),
			fc.constant("next" as const),
			fc.nat({ max: 30 }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
				const line = new Line<Waiting>();
				const tickets: number[] = [];
				let expected: Waiting[] = [];
				for (const what of steps) {
					if (what === "join") {
						const one = { name: tickets.length };
						tickets.push(line.join(one));
						expected.push(one);
					} else if (what === "next") {
						expect(line.next()).toBe(expected.shift());
					} else {
						// Those who were served or have left already change nothing.
						line.leave(tickets[what] ?? -1);
						expected = expected.filter(({ name }) => name !== what);
					}
					expect(line.size).toBe(expected.length);
					expect([...line]).toEqual(expected);
				}
			}),
		);
	});

	it("stays in order over many thousands", () => {
		const line = new Line<Waiting>();
		for (let name = 0; name < 5_000; name += 1) {
			line.join({ name });
			if (name >= 10) expect(line.next()?.name).toBe(name - 10);
		}
		line.clear();
		expect([line.size, line.next()]).toEqual([0, undefined]);
	});
});
