import type { Registry } from "prom-client";
import type { ObservedGateway } from "./observed-gateway.js";
import { type ProcessFigures, processFigures } from "./process-figures.js";
import { addCounter, addGauge } from "./read-metric.js";

const MEMORY: readonly (readonly [kind: string, keyof ProcessFigures])[] = [
	["resident", "residentBytes"],
	["heap_used", "heapUsedBytes"],
	["heap_total", "heapTotalBytes"],
	["buffers", "bufferBytes"],
];

/**
 * Adds what the process uses, and how late its event loop is. prom-client's own metrics of these leave observers behind
 * that nothing stops when a gateway is closed.
 */
export function addProcessMetrics(
	registry: Registry,
	{ now, lag }: Pick<ObservedGateway, "now" | "lag">,
): void {
	addGauge(registry, {
		name: "event_loop_lag_seconds",
		help: "By how much the event loop was late in the last half minute to minute",
		labels: ["statistic"],
		read: () => {
			const { meanMs, p99Ms, maxMs } = lag();
			return [
				[{ statistic: "mean" }, meanMs / 1_000],
				[{ statistic: "p99" }, p99Ms / 1_000],
				[{ statistic: "max" }, maxMs / 1_000],
			];
		},
	});
	addGauge(registry, {
		name: "memory_bytes",
		help: "Memory of the process: resident, heap used and total, buffers",
		labels: ["kind"],
		read: () => {
			const figures = processFigures(now());
			return MEMORY.map(([kind, key]) => [{ kind }, figures[key]] as const);
		},
	});
	addCounter(registry, {
		name: "cpu_seconds_total",
		help: "CPU time that the process has used",
		read: () => processFigures(now()).cpuSeconds,
	});
	addGauge(registry, {
		name: "start_time_seconds",
		help: "When the process was started, seconds since the epoch",
		read: () => processFigures(now()).startedAtSeconds,
	});
}
