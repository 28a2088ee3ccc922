import { describe, expect, it } from "vitest";
import {
	CLOSED,
	type Circuit,
	type CircuitEvent,
	letsThrough,
	nextCircuit,
} from "./circuit.js";

const after = (circuit: Circuit, nowMs: number, ...events: CircuitEvent[]) =>
	events.reduce((state, event) => nextCircuit(state, event, nowMs), circuit);
const FIVE = Array<CircuitEvent>(5).fill("failed");

describe("a circuit", () => {
	it("opens after five failures in a row", () => {
		const nearly = after(CLOSED, 0, ...FIVE.slice(1));
		expect(nearly).toEqual({ state: "closed", failures: 4 });
		expect(after(nearly, 0, "well")).toEqual(CLOSED);
		expect(after(nearly, 0, "unknown")).toEqual(nearly);
		const open = after(nearly, 0, "failed");
		expect(open).toEqual({ state: "open", untilMs: 1_000, restMs: 1_000 });
		expect(letsThrough(open, 999)).toBe(false);
		expect(letsThrough(open, 1_000)).toBe(true);
	});

	it("lets one call through when it has rested", () => {
		const probing = after(after(CLOSED, 0, ...FIVE), 1_000, "sent");
		expect(probing.state).toBe("half_open");
		expect(letsThrough(probing, 1_001)).toBe(false);
		expect(after(probing, 1_001, "sent")).toEqual(probing);
		expect(after(probing, 1_100, "well")).toEqual(CLOSED);
		expect(after(probing, 1_100, "unknown")).toEqual({
			state: "open",
			untilMs: 1_100,
			restMs: 1_000,
		});
	});

	it("rests twice as long after each probe that fails, up to 30 s", () => {
		let circuit = after(CLOSED, 0, ...FIVE);
		const rests: number[] = [];
		for (let probe = 0; probe < 7; probe += 1) {
			if (circuit.state !== "open") throw new Error("it did not open again");
			rests.push(circuit.restMs);
			circuit = after(circuit, circuit.untilMs, "sent", "failed");
		}
		expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
	});

	it("does not wait for ever for a probe, and does not count calls sent before it opened", () => {
		const open = after(CLOSED, 0, ...FIVE);
		expect(after(open, 500, "failed")).toEqual(open);
		const probing = after(open, 1_000, "sent");
		expect(letsThrough(probing, 30_999)).toBe(false);
		expect(letsThrough(probing, 31_000)).toBe(true);
	});
});
