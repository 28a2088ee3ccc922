import { describe, expect, it } from "vitest";
import { DonorRecord, type Judge } from "./donor-record.js";

const HOUR = 3_600_000;
const ADA: Judge = { principal: "ada" };
const BOB: Judge = { principal: "bob" };

function record(...verdicts: readonly (readonly [Judge, string])[]) {
	const made = new DonorRecord(24 * HOUR);
	for (const [judge, marks] of verdicts)
		for (const mark of marks) made.judge(judge, mark === "+", 0);
	return made;
}

describe("what counts for everybody", () => {
	it("is what the gateway and admins found", () => {
		const made = record(["everybody", "+++++"]);
		expect(made.standing("ada", 0)).toEqual({
			validInRow: 5,
			quarantined: false,
		});
		expect(made.standing(undefined, 0).validInRow).toBe(5);
	});

	it("begins anew with a bad vote of theirs", () => {
		const made = record(["everybody", "+++-++"]);
		expect(made.standing("ada", 0).validInRow).toBe(2);
	});

	it("is quarantine after three bad votes of theirs, whatever lies between", () => {
		const two = record(["everybody", "-++++-++"]);
		expect(two.standing("ada", 0).quarantined).toBe(false);
		const three = record(["everybody", "-++++-++-"]);
		expect(three.standing("ada", 0).quarantined).toBe(true);
		expect(three.quarantinedUntil(0)).toBe(24 * HOUR);
	});
});

describe("what counts for one principal", () => {
	it("is what it found besides", () => {
		const made = record(["everybody", "+++"], [ADA, "++"]);
		expect(made.standing("ada", 0).validInRow).toBe(5);
		expect(made.standing("bob", 0).validInRow).toBe(3);
	});

	it("begins anew with a bad vote of its own, whatever others found before", () => {
		const made = record(["everybody", "+++"], [ADA, "++-+"]);
		expect(made.standing("ada", 0).validInRow).toBe(1);
		expect(made.standing("bob", 0).validInRow).toBe(3);
		made.judge("everybody", true, 0);
		expect(made.standing("ada", 0).validInRow).toBe(2);
	});

	it("is quarantine after three bad votes, for itself alone", () => {
		const made = record(["everybody", "++++"], [ADA, "---"]);
		expect(made.standing("ada", 0).quarantined).toBe(true);
		expect(made.standing("bob", 0)).toEqual({
			validInRow: 4,
			quarantined: false,
		});
		expect(made.quarantinedUntil(0)).toBeUndefined();
	});

	it("is quarantine for everybody once a second one agrees", () => {
		expect(record([ADA, "-"], [BOB, "-"]).standing("eve", 0).quarantined).toBe(
			false,
		);
		for (const made of [
			record([ADA, "--"], [BOB, "-"]),
			record([ADA, "---"], [BOB, "-"]),
			record([ADA, "--"], ["everybody", "-"]),
		])
			expect(made.standing("eve", 0).quarantined).toBe(true);
	});

	it("is never quarantine for others, however often one votes", () => {
		const made = record([ADA, "-".repeat(1_000)]);
		expect(made.standing("eve", 0)).toEqual({
			validInRow: 0,
			quarantined: false,
		});
	});

	it("takes no more room than for the last 64 of them", () => {
		const made = record();
		for (let n = 0; n < 1_000; n += 1)
			made.judge({ principal: `p${n}` }, true, 0);
		expect(made.stored().principals).toHaveLength(64);
		expect(made.standing("p999", 0).validInRow).toBe(1);
		expect(made.standing("p0", 0).validInRow).toBe(0);
	});
});

describe("a quarantine", () => {
	it("ends after its time, and all begins at 0", () => {
		const made = record(["everybody", "+++---"], [ADA, "++"]);
		expect(made.standing("ada", 24 * HOUR - 1).quarantined).toBe(true);
		expect(made.standing("ada", 24 * HOUR)).toEqual({
			validInRow: 0,
			quarantined: false,
		});
		made.judge("everybody", false, 24 * HOUR);
		expect(made.standing("ada", 24 * HOUR).quarantined).toBe(false);
	});

	it("is not prolonged by calls made before", () => {
		const made = record(["everybody", "---"]);
		made.judge("everybody", false, HOUR);
		expect(made.quarantinedUntil(HOUR)).toBe(24 * HOUR);
	});

	it("of one principal ends too", () => {
		const made = record(["everybody", "+"], [ADA, "---"]);
		expect(made.confined(24 * HOUR - 1)).toBe(true);
		expect(made.confined(24 * HOUR)).toBe(false);
		expect(made.standing("ada", 24 * HOUR)).toEqual({
			validInRow: 0,
			quarantined: false,
		});
	});

	it("outlives being stored", () => {
		const made = record(["everybody", "+--"], [ADA, "+-"]);
		const again = new DonorRecord(24 * HOUR, made.stored());
		expect(again.stored()).toEqual(made.stored());
		expect(again.standing("ada", 0).quarantined).toBe(true);
	});
});
