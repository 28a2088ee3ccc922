import type { Registry } from "prom-client";
import type { LedgerRow } from "./call-ledger.js";
import { addDurationMetric } from "./duration-metric.js";
import type { ObservedGateway } from "./observed-gateway.js";
import { addCounter, addGauge } from "./read-metric.js";

const ROW_LABELS = ["function", "node", "path"] as const;

/** Adds what was called, how it went, how long it took and what it moved. */
export function addCallMetrics(
	registry: Registry,
	{ ledger, http }: Pick<ObservedGateway, "ledger" | "http">,
): void {
	addCounter(registry, {
		name: "calls_total",
		help: "Calls that are over, by how they ended: OK or the code of the error",
		labels: [...ROW_LABELS, "outcome"],
		read: () => [...ledger.rows()].flatMap(outcomesOf),
	});
	addDurationMetric(registry, () => ledger.rows());
	addCounter(registry, {
		name: "call_bytes_total",
		help: "Bytes of arguments (in) and results (out) of calls that are over",
		labels: [...ROW_LABELS, "direction"],
		read: () =>
			[...ledger.rows()].flatMap((row) => [
				[{ ...labelsOf(row), direction: "in" }, row.tally.bytesIn] as const,
				[{ ...labelsOf(row), direction: "out" }, row.tally.bytesOut] as const,
			]),
	});
	addCounter(registry, {
		name: "cache_total",
		help: "Calls of functions that keep their answers: hit, or miss where the function ran",
		labels: [...ROW_LABELS, "outcome"],
		read: () =>
			[...ledger.rows()].flatMap((row) => {
				const { cacheHits, cacheMisses } = row.tally;
				if (cacheHits + cacheMisses === 0) return [];
				return [
					[{ ...labelsOf(row), outcome: "hit" }, cacheHits] as const,
					[{ ...labelsOf(row), outcome: "miss" }, cacheMisses] as const,
				];
			}),
	});
	addCounter(registry, {
		name: "direct_bytes_total",
		help: "Bytes of calls that went past this gateway, as nodes report them",
		read: () => ledger.totals.direct.bytesIn + ledger.totals.direct.bytesOut,
	});
	addCounter(registry, {
		name: "call_reports_dropped_total",
		help: "Rows in reports of nodes for which there was no room",
		read: () => ledger.rowsRefused,
	});
	addGauge(registry, {
		name: "rest_calls_running",
		help: "REST calls under way",
		read: () => http().running,
	});
}

function labelsOf(row: LedgerRow) {
	return { function: row.function, node: row.node, path: row.path };
}

function outcomesOf(row: LedgerRow) {
	return [...row.tally.outcomes].map(
		([outcome, calls]) => [{ ...labelsOf(row), outcome }, calls] as const,
	);
}
