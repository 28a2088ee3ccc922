import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type HealthEvent,
	healthAt,
	joinedHealth,
	nextHealth,
	type NodeHealth,
	patienceFor,
} from "./node-health.js";

const patience = patienceFor(10_000);

/** The health after events, each at a time. */
function after(...events: readonly (readonly [number, HealthEvent])[]) {
	return events.reduce<NodeHealth>(
		(health, [atMs, event]) => nextHealth(health, event, atMs, patience),
		joinedHealth(0),
	);
}
const at = (health: NodeHealth, nowMs: number) =>
	healthAt(health, nowMs, patience);

describe("a node's health", () => {
	it("is degraded after one and a half silent intervals, lost after two and some slack", () => {
		expect(patience).toEqual({ degradedAfterMs: 15_000, lostAfterMs: 22_000 });
		expect(at(after(), 14_999)).toMatchObject({ state: "online", sinceMs: 0 });
		expect(at(after(), 15_000)).toMatchObject({
			state: "degraded",
			sinceMs: 15_000,
		});
		expect(at(after(), 30_000)).toEqual({
			state: "lost",
			why: "silent",
			sinceMs: 22_000,
		});
	});

	it("has slack in proportion to short intervals", () => {
		expect(patienceFor(100)).toEqual({
			degradedAfterMs: 150,
			lostAfterMs: 250,
		});
	});

	it("is restored by a heartbeat in time, not by one too late", () => {
		expect(after([16_000, { type: "heard" }])).toEqual(joinedHealth(16_000));
		expect(after([9_000, { type: "heard" }])).toMatchObject({
			state: "online",
			sinceMs: 0,
		});
		expect(after([22_000, { type: "heard" }]).state).toBe("lost");
		expect(
			after([22_000, { type: "heard" }], [30_000, { type: "joined" }]),
		).toEqual(joinedHealth(30_000));
	});

	it("drains until it leaves, or falls silent", () => {
		const draining = after([5_000, { type: "draining" }]);
		expect(draining).toMatchObject({ state: "draining", sinceMs: 5_000 });
		expect(at(draining, 16_000).state).toBe("draining");
		expect(at(draining, 22_000)).toMatchObject({ why: "silent" });
		expect(
			after([5_000, { type: "draining" }], [6_000, { type: "disconnected" }]),
		).toMatchObject({ state: "lost", why: "left" });
		expect(after([6_000, { type: "disconnected" }])).toMatchObject({
			state: "lost",
			why: "gone",
			sinceMs: 6_000,
		});
	});

	it("does not suffer from a gateway that stood still", () => {
		const excused = after([60_000, { type: "deaf", ms: 55_000 }]);
		expect(at(excused, 60_000).state).toBe("online");
		expect(at(excused, 77_000).state).toBe("lost");
	});

	it("whatever happens: lost is left by joining only, and no state begins in the future", () => {
		const event = fc.constantFrom<HealthEvent>(
			{ type: "joined" },
			{ type: "heard" },
			{ type: "draining" },
			{ type: "disconnected" },
		);
		const steps = fc.array(fc.tuple(fc.nat(30_000), event));
		fc.assert(
			fc.property(steps, (all) => {
				let health = joinedHealth(0);
				let nowMs = 0;
				for (const [waitMs, each] of all) {
					nowMs += waitMs;
					const next = nextHealth(health, each, nowMs, patience);
					const wasLost = at(health, nowMs).state === "lost";
					expect(next.state === "lost").toBe(
						each.type === "disconnected" || (wasLost && each.type !== "joined"),
					);
					expect(next.sinceMs).toBeLessThanOrEqual(nowMs);
					health = next;
				}
			}),
		);
	});
});
