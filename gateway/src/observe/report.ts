import { callFigures } from "./call-figures.js";
import type { NodeStatus } from "../registry/node-status.js";
import type { ObservedGateway } from "./observed-gateway.js";
import { processFigures } from "./process-figures.js";

/** What `GET /api/report` says: what the gateway is doing, how every function fared, and what is allowed. */
export async function reportOf(
	gateway: ObservedGateway,
): Promise<Readonly<Record<string, unknown>>> {
	const { ledger, traffic, limits, since, now } = gateway;
	const nodes = await gateway.nodes();
	return {
		since,
		uptimeMs: Math.max(now() - since, 0),
		ready: gateway.ready(),
		process: { ...processFigures(now()), eventLoopLag: gateway.lag() },
		sockets: gateway.sockets(),
		sessions: gateway.sessions(),
		routes: gateway.routes(),
		traffic,
		http: gateway.http(),
		jobs: gateway.jobs(),
		published: gateway.published(),
		nodes: nodes.map(nodeFigures),
		calls: {
			byPath: ledger.totals,
			functions: callFigures(ledger.rows()),
			reportsDropped: ledger.rowsRefused,
		},
		keptAnswers: gateway.keptAnswers(),
		pluginFailures: gateway.pluginFailures(),
		// What is not limited is shown as such.
		limits: { callsPerMinute: null, ...limits },
	};
}

function nodeFigures(node: NodeStatus) {
	const { nodeId, state, since, load, paths, latencyMs } = node;
	return { id: nodeId, state, since, ...load, latencyMs, paths };
}
