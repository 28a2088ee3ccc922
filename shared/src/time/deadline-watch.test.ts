import { describe, expect, it } from "vitest";
import { ManualClock } from "./manual-clock.js";
import { DeadlineWatch } from "./deadline-watch.js";

function fixture() {
	const clock = new ManualClock(0);
	const watch = new DeadlineWatch(clock);
	const expired: string[] = [];
	const dated = (label: string, deadlineAt: number) => ({
		deadlineAt,
		expire: () => {
			expired.push(`${label}@${clock.monotonic()}`);
		},
	});
	return { clock, watch, expired, dated };
}

describe("DeadlineWatch", () => {
	it("expires each at its time, whatever the order of arrival", async () => {
		const { clock, watch, expired, dated } = fixture();
		watch.add(dated("late", 300));
		watch.add(dated("early", 100));
		watch.add(dated("middle", 200));
		await clock.advance(1000);
		expect(expired).toEqual(["early@100", "middle@200", "late@300"]);
		expect(clock.pending).toBe(0);
	});

	it("says nothing of what was removed, and needs one timer for many", async () => {
		const { clock, watch, expired, dated } = fixture();
		const many = Array.from({ length: 50 }, (_, index) =>
			dated(String(index), 100 + index),
		);
		for (const each of many) watch.add(each);
		expect(clock.pending).toBe(1);
		for (const each of many) watch.remove(each);
		await clock.advance(1000);
		expect(expired).toEqual([]);
		expect(clock.pending).toBe(0);
	});

	it("ignores what never expires and leaves no timer when closed", () => {
		const { clock, watch, dated } = fixture();
		watch.add(dated("never", Number.POSITIVE_INFINITY));
		expect(clock.pending).toBe(0);
		watch.add(dated("some day", 5000));
		watch.close();
		expect(clock.pending).toBe(0);
	});
});
