import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.js";

it("lets a burst through, then one at a time, each address for itself", async () => {
	const clock = new ManualClock();
	const buckets = new TokenBuckets({ burst: 3, perSecond: 2, clock });
	expect([1, 2, 3, 4].map(() => buckets.take("10.0.0.1"))).toEqual([
		true,
		true,
		true,
		false,
	]);
	expect(buckets.take("10.0.0.2")).toBe(true);
	expect(buckets.waitMs("10.0.0.1")).toBe(500);
	expect(buckets.waitMs("10.0.0.3")).toBe(0);
	await clock.advance(500);
	expect(buckets.waitMs("10.0.0.1")).toBe(0);
	expect([1, 2].map(() => buckets.take("10.0.0.1"))).toEqual([true, false]);
	await clock.advance(60_000);
	expect([1, 2, 3, 4].map(() => buckets.take("10.0.0.1"))).toEqual([
		true,
		true,
		true,
		false,
	]);
});

it("remembers a bounded number of addresses", () => {
	const buckets = new TokenBuckets({
		burst: 1,
		perSecond: 1,
		maxKeys: 2,
		clock: new ManualClock(),
	});
	for (const address of ["a", "b", "c"]) buckets.take(address);
	expect(buckets.take("c")).toBe(false);
	expect(buckets.take("a")).toBe(true);
});
