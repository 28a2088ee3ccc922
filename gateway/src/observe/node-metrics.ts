import type { Registry } from "prom-client";
import type { NodeStatus } from "../registry/node-status.js";
import { addGauge } from "./read-metric.js";

/** Adds how many nodes there are, and how busy each is, as it says itself. */
export function addNodeMetrics(
	registry: Registry,
	list: () => Promise<readonly NodeStatus[]>,
): void {
	let listing: Promise<readonly NodeStatus[]> | undefined;
	// All metrics are read at once: they share one listing.
	const nodes = () => {
		listing ??= list().finally(() => {
			listing = undefined;
		});
		return listing;
	};
	const each = (
		name: string,
		help: string,
		of: (node: NodeStatus) => number,
	) => {
		addGauge(registry, {
			name,
			help,
			labels: ["node"],
			read: async () =>
				(await nodes()).map((node) => [{ node: node.nodeId }, of(node)]),
		});
	};
	addGauge(registry, {
		name: "nodes",
		help: "Nodes by state; lost ones are known for ten minutes",
		labels: ["state"],
		read: async () => {
			const states = { online: 0, degraded: 0, draining: 0, lost: 0 };
			for (const { state } of await nodes()) states[state] += 1;
			return Object.entries(states).map(([state, count]) => [{ state }, count]);
		},
	});
	each("node_running", "Calls that a node runs", ({ load }) => load.running);
	each("node_queued", "Calls that wait at a node", ({ load }) => load.queued);
	each(
		"node_slots",
		"Calls that a node runs at most at once",
		({ load }) => load.maxConcurrent,
	);
	addGauge(registry, {
		name: "node_sessions",
		help: "Sessions of a node by the path they are on",
		labels: ["node", "path"],
		read: async () =>
			(await nodes()).flatMap(({ nodeId: node, paths }) => [
				[{ node, path: "direct" }, paths?.direct ?? 0] as const,
				[{ node, path: "relay" }, paths?.relay ?? 0] as const,
			]),
	});
}
