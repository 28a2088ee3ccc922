import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { callFigures } from "./call-figures.js";
import { CallLedger } from "./call-ledger.js";

it("sums all paths of a function at a node up, most calls first", () => {
	const clock = new ManualClock();
	const ledger = new CallLedger({ maxRows: 10, clock });
	const call = {
		outcome: "OK",
		bytesIn: 1,
		bytesOut: 2,
		cache: "miss",
	} as const;
	ledger.addRest("rare", "n1", { ...call, ms: 1 });
	for (let ms = 1; ms <= 98; ms += 1)
		ledger.addRest("add", "n1", { ...call, ms });
	ledger.addRest("add", "n1", { ...call, outcome: "ABORTED", ms: 99 });
	ledger.addReport("n1", {
		since: 1,
		rows: [
			{
				function: "add",
				path: "direct",
				outcomes: { OK: 1 },
				latency: [109, 1],
				sumMs: 100,
				bytesIn: 1,
				bytesOut: 2,
				cacheHits: 1,
				cacheMisses: 0,
			},
		],
	});
	const [add, rare] = callFigures(ledger.rows());
	expect(rare).toMatchObject({ function: "rare", calls: 1, errors: 0 });
	expect(add).toMatchObject({
		function: "add",
		node: "n1",
		since: clock.now(),
		calls: 100,
		errors: 1,
		outcomes: { OK: 99, ABORTED: 1 },
		bytesIn: 100,
		bytesOut: 200,
		cacheHits: 1,
		cacheMisses: 99,
		meanMs: 50.5,
		paths: { direct: 1, relay: 0, rest: 99 },
		pathShare: { direct: 0.01, relay: 0, rest: 0.99 },
	});
	for (const [told, exact] of [
		[add?.p50Ms, 50],
		[add?.p95Ms, 95],
		[add?.p99Ms, 99],
	] as const)
		expect(Math.abs((told ?? 0) / exact - 1)).toBeLessThan(0.046);
});
