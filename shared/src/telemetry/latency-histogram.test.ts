import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "./latency-histogram.js";

const durations = fc.array(
	fc.double({ min: 0.01, max: 4_000_000, noNaN: true }),
	{ minLength: 1, maxLength: 300 },
);

function histogramOf(values: readonly number[]): LatencyHistogram {
	const histogram = new LatencyHistogram();
	for (const value of values) histogram.add(value);
	return histogram;
}

describe("a histogram of durations", () => {
	it("knows every quantile to 4.5 %", () => {
		fc.assert(
			fc.property(
				durations,
				fc.double({ min: 0, max: 1, noNaN: true }),
				(values, q) => {
					const sorted = [...values].sort((a, b) => a - b);
					const rank = Math.max(Math.ceil(q * values.length), 1);
					const exact = sorted[rank - 1] ?? 0;
					const told = histogramOf(values).quantile(q) ?? 0;
					expect(told / exact).toBeGreaterThan(1 / 1.046);
					expect(told / exact).toBeLessThan(1.046);
				},
			),
		);
	});

	it("is the same whether values are added or merged", () => {
		fc.assert(
			fc.property(durations, durations, (some, others) => {
				const merged = histogramOf(some);
				const second = histogramOf(others);
				merged.addPairs(second.pairs(), second.sumMs);
				const whole = histogramOf([...some, ...others]);
				expect(merged.pairs()).toEqual(whole.pairs());
				expect(merged.count).toBe(whole.count);
				expect(merged.sumMs).toBeCloseTo(whole.sumMs, 3);
			}),
		);
	});

	it("counts exactly what is shorter than a power of two", () => {
		fc.assert(
			fc.property(
				durations,
				fc.integer({ min: -3, max: 17 }),
				(values, octave) => {
					const shorter = values.filter((value) => value < 2 ** octave).length;
					expect(histogramOf(values).shorterThan(octave)).toBe(shorter);
				},
			),
		);
	});

	it("takes what is shorter or longer than it can tell apart for the shortest or longest", () => {
		const histogram = histogramOf([0, 1e-9, 1e12]);
		expect(histogram.count).toBe(3);
		expect(histogram.pairs()).toEqual([0, 2, 231, 1]);
	});

	it("has no quantile without values, and leaves out buckets that do not exist", () => {
		const histogram = new LatencyHistogram();
		histogram.addPairs([232, 5, -1, 5, 1.5, 5], 0);
		expect(histogram.count).toBe(0);
		expect(histogram.quantile(0.5)).toBeUndefined();
	});
});
