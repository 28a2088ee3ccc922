import type { NodeStats, NodeStatsRow } from "@easyremote/shared/protocol";
import type { TalliedCall } from "@easyremote/shared/telemetry";
import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { CallLedger, OTHERS } from "./call-ledger.js";

const call: TalliedCall = {
	outcome: "OK",
	ms: 4,
	bytesIn: 10,
	bytesOut: 20,
	cache: undefined,
};

function fixture(maxRows = 100) {
	const clock = new ManualClock();
	return { clock, ledger: new CallLedger({ maxRows, clock }) };
}

/** What a node says that was called so often. */
function report(
	calls: number,
	{ since = 1, ...row }: Partial<NodeStatsRow> & { since?: number } = {},
): NodeStats {
	const totals = {
		function: "add",
		path: "direct" as const,
		outcomes: { OK: calls },
		latency: [72, calls],
		sumMs: 4 * calls,
		bytesIn: 10 * calls,
		bytesOut: 20 * calls,
		cacheHits: calls,
		cacheMisses: 0,
	};
	return { since, rows: [{ ...totals, ...row }] };
}

const callsOf = (ledger: CallLedger, node: string) =>
	[...ledger.rows()]
		.filter((row) => row.node === node)
		.reduce((sum, { tally }) => sum + tally.calls, 0);

describe("reports of nodes", () => {
	it("are totals, of which what is new is counted", () => {
		const { ledger } = fixture();
		ledger.addReport("n1", report(3));
		ledger.addReport("n1", report(3));
		ledger.addReport("n1", report(5));
		const [row] = ledger.rows();
		expect(row?.tally.totals()).toEqual({
			outcomes: { OK: 5 },
			latency: [72, 5],
			sumMs: 20,
			bytesIn: 50,
			bytesOut: 100,
			cacheHits: 5,
			cacheMisses: 0,
		});
		expect(ledger.totals.direct).toEqual({
			calls: 5,
			errors: 0,
			bytesIn: 50,
			bytesOut: 100,
		});
	});

	it("begin anew with a node that was restarted", () => {
		const { ledger } = fixture();
		ledger.addReport("n1", report(3));
		ledger.addReport("n1", report(2, { since: 2 }));
		ledger.addReport("n1", report(4, { since: 2 }));
		expect(callsOf(ledger, "n1")).toBe(7);
	});

	it("that fall count for nothing", () => {
		const { ledger } = fixture();
		ledger.addReport("n1", report(5));
		ledger.addReport("n1", report(1));
		expect(callsOf(ledger, "n1")).toBe(5);
		expect(ledger.totals.direct.bytesIn).toBe(50);
	});

	it("keep errors apart", () => {
		const { ledger } = fixture();
		const outcomes = { OK: 1, FUNCTION_ERROR: 2 };
		ledger.addReport("n1", report(3, { outcomes, path: "relay" }));
		expect(ledger.totals.relay).toMatchObject({ calls: 3, errors: 2 });
	});
});

describe("the number of rows", () => {
	it("is bounded, and what finds no room is counted as one of the others", () => {
		const { ledger } = fixture(8);
		for (let index = 0; index < 100; index += 1)
			ledger.addRest(`f${index}`, `n${index}`, call);
		const rows = [...ledger.rows()];
		expect(rows).toHaveLength(9);
		expect(callsOf(ledger, OTHERS)).toBe(92);
		expect(ledger.totals.rest.calls).toBe(100);
	});

	it("is bounded for each node, so that none pushes out the others", () => {
		const { ledger } = fixture(8);
		for (let index = 0; index < 100; index += 1)
			ledger.addReport("greedy", report(1, { function: `f${index}` }));
		ledger.addReport("modest", report(1));
		expect([...ledger.rows()]).toHaveLength(3);
		expect(callsOf(ledger, "greedy")).toBe(2);
		expect(callsOf(ledger, "modest")).toBe(1);
		expect(ledger.rowsRefused).toBe(98);
	});

	it("lets rows go that nobody has added to for long, the oldest first", async () => {
		const { ledger, clock } = fixture(2);
		ledger.addRest("old", "n1", call);
		await clock.advance(60_000);
		ledger.addRest("newer", "n2", call);
		ledger.addRest("early", "n3", call);
		expect(callsOf(ledger, "n3")).toBe(0);
		await clock.advance(9 * 60_000);
		ledger.addRest("late", "n4", call);
		expect([...ledger.rows()].map(({ node }) => node)).toEqual([
			"n2",
			"n4",
			OTHERS,
		]);
		expect(ledger.totals.rest.calls).toBe(4);
	});

	it("does not grow in 100,000 calls of names that strangers think up", () => {
		const { ledger } = fixture(50);
		for (let index = 0; index < 100_000; index += 1)
			ledger.addRest(`f${index % 1_000}`, `n${index % 700}`, call);
		expect([...ledger.rows()]).toHaveLength(51);
		const sum = [...ledger.rows()].reduce((n, { tally }) => n + tally.calls, 0);
		expect(sum).toBe(100_000);
	});
});
