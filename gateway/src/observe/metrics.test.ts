import { readFileSync } from "node:fs";
import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import type { NodeStatus } from "../registry/node-status.js";
import { CallLedger } from "./call-ledger.js";
import { createMetrics } from "./metrics.js";
import type { ObservedGateway } from "./observed-gateway.js";
import { reportOf } from "./report.js";
import { newTraffic } from "./traffic.js";

const node: NodeStatus = {
	nodeId: "gpu-1",
	kind: "compute",
	state: "online",
	since: "2030-01-01T00:00:00.000Z",
	tags: [],
	direct: true,
	load: { running: 2, queued: 3, maxConcurrent: 4 },
	paths: { direct: 1, relay: 5 },
	functions: [],
};

function fixture(): ObservedGateway & { listings: number } {
	const clock = new ManualClock();
	const observed = {
		ledger: new CallLedger({ maxRows: 10, clock }),
		traffic: newTraffic(),
		limits: DEFAULT_LIMITS,
		ready: () => true,
		sockets: () => ({
			connections: 6,
			clients: 3,
			nodes: 2,
			donors: 1,
			greeting: 1,
		}),
		published: () => ({ bundles: 16, bytes: 17 }),
		sessions: () => 7,
		routes: () => 8,
		jobs: () => ({ unfinished: 15, running: 14 }),
		http: () => ({
			connections: 9,
			connectionsRefused: 10,
			running: 11,
			calls: 12,
			bodyBytes: 13,
		}),
		listings: 0,
		nodes() {
			observed.listings += 1;
			return Promise.resolve([node]);
		},
		keptAnswers: () => ({ answers: 14, bytes: 15 }),
		pluginFailures: () => ({ "audit-log": 3 }),
		lag: () => ({ meanMs: 1, p99Ms: 2, maxMs: 3 }),
		since: clock.now(),
		now: () => clock.now(),
	};
	return observed;
}

const rest = {
	outcome: "OK",
	ms: 3,
	bytesIn: 10,
	bytesOut: 20,
	cache: "hit",
} as const;

describe("metrics", () => {
	it("show calls by function, node, path and outcome", async () => {
		const observed = fixture();
		observed.ledger.addRest("add", "gpu-1", rest);
		observed.ledger.addRest("add", "gpu-1", { ...rest, outcome: "ABORTED" });
		const text = await createMetrics(observed).metrics();
		const labels = 'function="add",node="gpu-1",path="rest"';
		expect(text.split("\n")).toEqual(
			expect.arrayContaining([
				"# TYPE easyremote_calls_total counter",
				`easyremote_calls_total{${labels},outcome="OK"} 1`,
				`easyremote_calls_total{${labels},outcome="ABORTED"} 1`,
				`easyremote_call_bytes_total{${labels},direction="in"} 20`,
				`easyremote_cache_total{${labels},outcome="hit"} 2`,
				`easyremote_call_bytes_total{${labels},direction="out"} 40`,
				"# TYPE easyremote_call_duration_seconds histogram",
				`easyremote_call_duration_seconds_bucket{${labels},le="0.002"} 0`,
				`easyremote_call_duration_seconds_bucket{${labels},le="0.004"} 2`,
				`easyremote_call_duration_seconds_bucket{${labels},le="+Inf"} 2`,
				`easyremote_call_duration_seconds_sum{${labels}} 0.006`,
				`easyremote_call_duration_seconds_count{${labels}} 2`,
			]),
		);
	});

	it("show what is there now, as often as they are read", async () => {
		const observed = fixture();
		const registry = createMetrics(observed);
		observed.traffic.relayedBytes = 5;
		observed.traffic.refused.http.NOT_FOUND = 2;
		await registry.metrics();
		observed.traffic.relayedBytes = 6;
		const text = await registry.metrics();
		expect(text.split("\n")).toEqual(
			expect.arrayContaining([
				"easyremote_relayed_bytes_total 6",
				'easyremote_refused_total{door="http",reason="NOT_FOUND"} 2',
				'easyremote_nodes{state="online"} 1',
				'easyremote_node_running{node="gpu-1"} 2',
				'easyremote_node_queued{node="gpu-1"} 3',
				'easyremote_node_slots{node="gpu-1"} 4',
				'easyremote_node_sessions{node="gpu-1",path="direct"} 1',
				'easyremote_node_sessions{node="gpu-1",path="relay"} 5',
				'easyremote_sockets{role="client"} 3',
				"easyremote_sessions 7",
				"easyremote_donors 1",
				"easyremote_bundles 16",
				"easyremote_bundle_bytes 17",
				"easyremote_rest_calls_running 11",
				"easyremote_http_connections_refused_total 10",
				"easyremote_kept_answers 14",
				"easyremote_kept_answers_bytes 15",
				'easyremote_plugin_failures_total{plugin="audit-log"} 3',
				'easyremote_event_loop_lag_seconds{statistic="p99"} 0.002',
				`easyremote_limit{name="maxConnections"} ${DEFAULT_LIMITS.maxConnections}`,
			]),
		);
		expect(text).toMatch(/^easyremote_memory_bytes\{kind="resident"\} \d+$/m);
		// One for each time they were read, whatever the number of metrics made of it.
		expect(observed.listings).toBe(2);
	});

	it("are those that the README lists", async () => {
		const registry = createMetrics(fixture());
		const readme = readFileSync(new URL("../../README.md", import.meta.url));
		const listed = readme
			.toString()
			.matchAll(/^\| `(easyremote_\w+)` \| (\w+) \|/gm);
		const exported = await registry.getMetricsAsJSON();
		expect(
			[...listed].map(([, name, type]) => `${name} ${type}`).sort(),
		).toEqual(exported.map(({ name, type }) => `${name} ${type}`).sort());
	});

	it("of two gateways in one process are apart", async () => {
		const first = fixture();
		first.ledger.addRest("add", "gpu-1", rest);
		createMetrics(first);
		const text = await createMetrics(fixture()).metrics();
		expect(text).not.toContain('function="add"');
	});
});

describe("the report", () => {
	it("shows calls, nodes, process and limits", async () => {
		const observed = fixture();
		observed.ledger.addRest("add", "gpu-1", rest);
		expect(await reportOf(observed)).toMatchObject({
			since: observed.since,
			uptimeMs: 0,
			sockets: { clients: 3 },
			process: {
				residentBytes: expect.any(Number) as number,
				eventLoopLag: { p99Ms: 2 },
			},
			nodes: [{ id: "gpu-1", state: "online", running: 2, queued: 3 }],
			calls: {
				byPath: { rest: { calls: 1, bytesIn: 10 } },
				functions: [{ function: "add", node: "gpu-1", calls: 1 }],
				reportsDropped: 0,
			},
			limits: { callsPerMinute: null, maxCallSeries: 1_000 },
		});
	});
});
