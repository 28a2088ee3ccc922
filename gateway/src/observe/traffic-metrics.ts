import type { Registry } from "prom-client";
import type { ObservedGateway } from "./observed-gateway.js";
import { addCounter, addGauge } from "./read-metric.js";
import type { Traffic } from "./traffic.js";

type Count = {
	[K in keyof Traffic]: Traffic[K] extends number ? K : never;
}[keyof Traffic];

const COUNTERS: readonly (readonly [Count, name: string, help: string])[] = [
	["relayedBytes", "relayed_bytes_total", "Bytes passed between peers"],
	["relayedPackets", "relayed_packets_total", "Packets passed between peers"],
	[
		"strayPackets",
		"stray_packets_total",
		"Packets dropped, since their session was not open",
	],
	["sessionsOpened", "sessions_opened_total", "Sessions asked for"],
	[
		"pauses",
		"pauses_total",
		"Times a sender was told to stop, since its reader was slow",
	],
	[
		"slowClosed",
		"slow_readers_closed_total",
		"Sockets closed for reading too slowly",
	],
	["socketsAccepted", "sockets_accepted_total", "Sockets accepted"],
	["breaches", "breaches_total", "Sockets closed for breaking the protocol"],
	["signals", "signals_total", "Signals of direct paths passed on"],
];

/** Adds what goes through, what is open, what was refused, and what is allowed. */
export function addTrafficMetrics(
	registry: Registry,
	gateway: ObservedGateway,
): void {
	const { traffic, limits } = gateway;
	for (const [count, name, help] of COUNTERS)
		addCounter(registry, { name, help, read: () => traffic[count] });
	addCounter(registry, {
		name: "refused_total",
		help: "Refusals by where and why: HTTP requests, sockets, sessions",
		labels: ["door", "reason"],
		read: () =>
			Object.entries(traffic.refused).flatMap(([door, reasons]) =>
				Object.entries(reasons).map(
					([reason, times]) => [{ door, reason }, times] as const,
				),
			),
	});
	addCounter(registry, {
		name: "plugin_failures_total",
		help: "Hooks of plugins that threw or were late",
		labels: ["plugin"],
		read: () =>
			Object.entries(gateway.pluginFailures()).map(
				([plugin, times]) => [{ plugin }, times] as const,
			),
	});
	addCounter(registry, {
		name: "http_connections_refused_total",
		help: "HTTP connections cut, since there were too many",
		read: () => gateway.http().connectionsRefused,
	});
	addGauge(registry, {
		name: "kept_answers",
		help: "Answers of functions that keep them, in memory",
		read: () => gateway.keptAnswers().answers,
	});
	addGauge(registry, {
		name: "kept_answers_bytes",
		help: "Bytes of those answers",
		read: () => gateway.keptAnswers().bytes,
	});
	addGauge(registry, {
		name: "http_connections",
		help: "HTTP connections open, WebSockets not counted",
		read: () => gateway.http().connections,
	});
	addGauge(registry, {
		name: "http_body_bytes",
		help: "Bodies of the REST calls under way",
		read: () => gateway.http().bodyBytes,
	});
	addGauge(registry, {
		name: "jobs_unfinished",
		help: "Jobs, and calls with an idempotency key, that are not over",
		read: () => gateway.jobs().unfinished,
	});
	addGauge(registry, {
		name: "jobs_running",
		help: "Those of them that run",
		read: () => gateway.jobs().running,
	});
	addGauge(registry, {
		name: "sockets",
		help: "WebSockets open, by role; greeting is who has not been welcomed yet",
		labels: ["role"],
		read: () => {
			const { clients, nodes, greeting } = gateway.sockets();
			return [
				[{ role: "client" }, clients],
				[{ role: "node" }, nodes],
				[{ role: "greeting" }, greeting],
			];
		},
	});
	addGauge(registry, {
		name: "sessions",
		help: "Sessions open through this gateway, those with a direct path included",
		read: () => gateway.sessions(),
	});
	addGauge(registry, {
		name: "routes",
		help: "Routes that clients are kept up to date about",
		read: () => gateway.routes(),
	});
	addGauge(registry, {
		name: "limit",
		help: "What is allowed, by the name of the option in limits",
		labels: ["name"],
		read: () =>
			Object.entries(limits).flatMap(([name, limit]) =>
				limit === undefined ? [] : [[{ name }, limit] as const],
			),
	});
}
