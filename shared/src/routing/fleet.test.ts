import { expect, it } from "vitest";
import { STRATEGY_NAMES } from "./strategy-names.js";
import { fleetTable } from "./testing/fleet-table.js";
import { type FleetResult, simulateFleet } from "./testing/fleet-simulation.js";

/** Fifty uneven nodes, asked for 60 % of what they can do. */
function run(strategy: string, callers: number): FleetResult {
	return simulateFleet({
		strategy,
		seed: 1,
		nodes: 50,
		callers,
		demand: 0.6,
		durationMs: 60_000,
	});
}

it.each([
	["one caller, as the REST door", 1],
	["eight callers, which know nothing of each other", 8],
])("four strategies on 50 uneven nodes: %s", (title, callers) => {
	const results = new Map(
		STRATEGY_NAMES.map((name) => [name, run(name, callers)]),
	);
	process.stdout.write(`\n${title}\n\n${fleetTable(results)}\n`);
	const turns = results.get("round_robin");
	if (!turns) throw new Error("round_robin did not run");
	for (const [name, result] of results) {
		expect(result.lost, name).toBe(0);
		expect(result.answered + result.underWay, name).toBe(result.calls);
		expect(result.calls, name).toBeGreaterThan(20_000);
	}
	for (const name of ["resource_based", "latency_based"] as const) {
		const result = results.get(name);
		expect(result?.p99Ms, name).toBeLessThan(turns.p99Ms * 0.9);
		// The same work done with less of the slots: it went to where it is done faster.
		expect(result?.utilisation.mean, name).toBeLessThan(turns.utilisation.mean);
	}
	const fewest = results.get("least_connections");
	expect(fewest?.p99Ms).toBeLessThan(turns.p99Ms * 1.1);
	expect(results.get("latency_based")?.meanMs).toBeLessThan(
		Math.min(turns.meanMs, fewest?.meanMs ?? 0),
	);
});

it("is the same each time it is run", () => {
	expect(run("resource_based", 8)).toEqual(run("resource_based", 8));
});
