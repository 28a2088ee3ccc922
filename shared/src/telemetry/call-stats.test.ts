import { describe, expect, it } from "vitest";
import { PROTOCOL } from "../protocol/constants.js";
import { CallStats } from "./call-stats.js";
import type { TalliedCall } from "./call-tally.js";

const call = (more: Partial<TalliedCall> = {}): TalliedCall => ({
	outcome: "OK",
	ms: 1,
	bytesIn: 10,
	bytesOut: 20,
	cache: undefined,
	...more,
});

function fixture() {
	let nowMs = 1_000;
	const stats = new CallStats(() => nowMs);
	return {
		stats,
		later: () => {
			nowMs += 1_000;
		},
	};
}

describe("what a node tells of its calls", () => {
	it("is totals of what has changed, by function and path", () => {
		const { stats } = fixture();
		stats.connected("gateway");
		expect(stats.take()).toBeUndefined();
		stats.add("add", "relay", call());
		stats.add(
			"add",
			"relay",
			call({ outcome: "FUNCTION_ERROR", cache: "miss" }),
		);
		stats.add("add", "direct", call({ cache: "hit" }));
		expect(stats.take()).toMatchObject({
			since: 1_000,
			rows: [
				{
					function: "add",
					path: "relay",
					outcomes: { OK: 1, FUNCTION_ERROR: 1 },
					sumMs: 2,
					bytesIn: 20,
					bytesOut: 40,
					cacheHits: 0,
					cacheMisses: 1,
				},
				{
					function: "add",
					path: "direct",
					outcomes: { OK: 1 },
					cacheHits: 1,
					cacheMisses: 0,
				},
			],
		});
		expect(stats.untold).toBe(false);
		stats.add("add", "relay", call());
		expect(stats.take()?.rows).toMatchObject([
			{ path: "relay", outcomes: { OK: 2, FUNCTION_ERROR: 1 } },
		]);
	});

	it("is told again after the connection was lost: it may not have arrived", () => {
		const { stats } = fixture();
		stats.connected("gateway");
		stats.add("add", "relay", call());
		const lost = stats.take();
		stats.connected("gateway");
		expect(stats.take()).toEqual(lost);
	});

	it("begins anew for a gateway that was not told before, with what none was told", () => {
		const { stats, later } = fixture();
		stats.connected("first");
		stats.add("add", "relay", call({ ms: 3 }));
		stats.add("mul", "relay", call());
		stats.take();
		stats.add("add", "relay", call({ ms: 50 }));
		later();
		stats.connected("second");
		const told = stats.take();
		expect(told).toMatchObject({
			since: 2_000,
			rows: [{ function: "add", outcomes: { OK: 1 }, bytesIn: 10 }],
		});
		expect(told?.rows).toHaveLength(1);
		expect(told?.rows[0]?.sumMs).toBeCloseTo(50);
	});

	it("never begins anew at the same time as before", () => {
		const { stats } = fixture();
		for (const id of ["a", "b", "c"]) {
			stats.connected(id);
			stats.add("add", "relay", call());
		}
		expect(stats.take()?.since).toBe(1_002);
	});

	it("comes in pieces of bounded size", () => {
		const { stats } = fixture();
		stats.connected("gateway");
		const count = PROTOCOL.statsRows + 3;
		for (let index = 0; index < count; index += 1)
			stats.add(`f${index}`, "relay", call());
		expect(stats.take()?.rows).toHaveLength(PROTOCOL.statsRows);
		expect(stats.take()?.rows).toHaveLength(3);
		expect(stats.take()).toBeUndefined();
	});

	it("does not grow with the number of calls", () => {
		const { stats } = fixture();
		stats.connected("gateway");
		const rows = () => JSON.stringify(stats.take()).length;
		for (let index = 0; index < 1_000; index += 1)
			stats.add("add", "relay", call({ ms: 1 + (index % 100) }));
		const early = rows();
		for (let index = 0; index < 100_000; index += 1)
			stats.add("add", "relay", call({ ms: 1 + (index % 100) }));
		// The same buckets, with longer numbers in them.
		expect(rows()).toBeLessThan(early * 1.5);
	});
});
