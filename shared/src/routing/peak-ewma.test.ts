import { expect, it } from "vitest";
import { PeakEwma } from "./peak-ewma.js";

it("jumps to a peak at once, and comes down with time", () => {
	const average = new PeakEwma(100, 0);
	expect(average.at(0)).toBe(100);
	average.observe(1_000, 0);
	expect(average.at(0)).toBe(1_000);
	average.observe(100, 10_000);
	// A third of the peak is left after 10 s, and two thirds of what is new.
	expect(average.at(10_000)).toBeCloseTo(
		1_000 / Math.E + 100 * (1 - 1 / Math.E),
	);
	average.observe(100, 100_000);
	expect(average.at(100_000)).toBeCloseTo(100, 0);
});

it("sinks while nothing is measured, so that a slow node is tried again", () => {
	const average = new PeakEwma(1_000, 0);
	expect(average.at(10_000)).toBeCloseTo(1_000 / Math.E);
	expect(average.at(100_000)).toBeLessThan(1);
});
