import type { Histogram, Registry } from "prom-client";
import type { LedgerRow } from "./call-ledger.js";

/** Bounds are 2ᵏ ms for these: buckets of the ledger begin there too, so that counts are exact. */
const OCTAVES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17];

const NAME = "easyremote_call_duration_seconds";

type Exported = Awaited<ReturnType<Histogram["get"]>>;

/**
 * Adds how long calls took, as Prometheus has it, out of the histograms of the ledger. prom-client's own histogram can
 * only be told one value at a time, so this takes its place in the registry, which asks for nothing but `get`.
 */
export function addDurationMetric(
	registry: Registry,
	rows: () => Iterable<LedgerRow>,
): void {
	const described = {
		name: NAME,
		help: "Time from a call's arrival to its end: at the node, for path rest at the gateway",
		type: "histogram",
		aggregator: "sum",
	} as const;
	const metric = {
		...described,
		reset: () => undefined,
		get: () =>
			Promise.resolve({ ...described, values: [...rows()].flatMap(valuesOf) }),
	};
	registry.registerMetric(metric as unknown as Histogram);
}

function valuesOf(row: LedgerRow): Exported["values"] {
	const { latency } = row.tally;
	const labels = { function: row.function, node: row.node, path: row.path };
	const bucket = (le: number | string, value: number) => ({
		metricName: `${NAME}_bucket`,
		labels: { ...labels, le },
		value,
	});
	return [
		...OCTAVES.map((octave) =>
			bucket(2 ** octave / 1_000, latency.shorterThan(octave)),
		),
		bucket("+Inf", latency.count),
		{ metricName: `${NAME}_sum`, labels, value: latency.sumMs / 1_000 },
		{ metricName: `${NAME}_count`, labels, value: latency.count },
	];
}
