import type { Registry } from "prom-client";
import type { ObservedGateway } from "./observed-gateway.js";
import { addGauge } from "./read-metric.js";

/** Adds how many donors there are, and how much there is for them to run. */
export function addDonorMetrics(
	registry: Registry,
	{ sockets, published }: Pick<ObservedGateway, "sockets" | "published">,
): void {
	addGauge(registry, {
		name: "donors",
		help: "Donors that are connected",
		read: () => [[{}, sockets().donors]],
	});
	addGauge(registry, {
		name: "bundles",
		help: "Versions of bundles that are published",
		read: () => [[{}, published().bundles]],
	});
	addGauge(registry, {
		name: "bundle_bytes",
		help: "Code of all that is published",
		read: () => [[{}, published().bytes]],
	});
}
