import { Registry } from "prom-client";
import { VERSION } from "../version.js";
import { addCallMetrics } from "./call-metrics.js";
import { addDonorMetrics } from "./donor-metrics.js";
import { addNodeMetrics } from "./node-metrics.js";
import type { ObservedGateway } from "./observed-gateway.js";
import { addProcessMetrics } from "./process-metrics.js";
import { addGauge } from "./read-metric.js";
import { addTrafficMetrics } from "./traffic-metrics.js";

/** The metrics of one gateway, in a registry of its own: several gateways may live in one process. */
export function createMetrics(gateway: ObservedGateway): Registry {
	const registry = new Registry();
	addGauge(registry, {
		name: "build_info",
		help: "Always 1; the label tells the version",
		labels: ["version"],
		read: () => [[{ version: VERSION }, 1]],
	});
	addCallMetrics(registry, gateway);
	addNodeMetrics(registry, gateway.nodes);
	addDonorMetrics(registry, gateway);
	addTrafficMetrics(registry, gateway);
	addProcessMetrics(registry, gateway);
	return registry;
}
