import { CallTally } from "@easyremote/shared/telemetry";
import type { CallPath, LedgerRow } from "./call-ledger.js";

/** How one function fared at one node, on all paths together, as the report shows it. Times in ms, sizes in bytes. */
export interface CallFigures {
	readonly function: string;
	readonly node: string;
	/** Since when it is counted, ms since the epoch. */
	readonly since: number;
	readonly calls: number;
	readonly errors: number;
	/** Calls by how they ended: "OK", or the code of the error. */
	readonly outcomes: Readonly<Record<string, number>>;
	readonly meanMs: number;
	readonly p50Ms: number | undefined;
	readonly p95Ms: number | undefined;
	readonly p99Ms: number | undefined;
	readonly bytesIn: number;
	readonly bytesOut: number;
	/** Of a function that keeps its answers: calls answered from the cache, and calls it ran for. */
	readonly cacheHits: number;
	readonly cacheMisses: number;
	/** Calls by path … */
	readonly paths: Readonly<Record<CallPath, number>>;
	/** … and as shares of 1. */
	readonly pathShare: Readonly<Record<CallPath, number>>;
}

/** Sums rows up by function and node, those with most calls first. */
export function callFigures(rows: Iterable<LedgerRow>): CallFigures[] {
	const groups = new Map<string, LedgerRow[]>();
	for (const row of rows) {
		const key = `${row.node} ${row.function}`;
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return [...groups.values()]
		.map(figuresOf)
		.sort((left, right) => right.calls - left.calls);
}

function figuresOf(rows: readonly LedgerRow[]): CallFigures {
	const all = new CallTally();
	const paths = { direct: 0, relay: 0, rest: 0 };
	for (const { path, tally } of rows) {
		all.addTotals(tally.totals());
		paths[path] += tally.calls;
	}
	const { calls, latency } = all;
	const share = (some: number) => (calls === 0 ? 0 : some / calls);
	return {
		function: rows[0]?.function ?? "",
		node: rows[0]?.node ?? "",
		since: Math.min(...rows.map(({ since }) => since)),
		calls,
		errors: all.errors,
		outcomes: Object.fromEntries(all.outcomes),
		meanMs: calls === 0 ? 0 : latency.sumMs / calls,
		p50Ms: latency.quantile(0.5),
		p95Ms: latency.quantile(0.95),
		p99Ms: latency.quantile(0.99),
		bytesIn: all.bytesIn,
		bytesOut: all.bytesOut,
		cacheHits: all.cacheHits,
		cacheMisses: all.cacheMisses,
		paths,
		pathShare: {
			direct: share(paths.direct),
			relay: share(paths.relay),
			rest: share(paths.rest),
		},
	};
}
