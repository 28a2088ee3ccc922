import { randomBytes } from "node:crypto";
import type { Host } from "@easyremote/shared/host";
import { gatewayLink, type Link } from "@easyremote/shared/link";
import { type PathCounts, PROTOCOL_VERSION } from "@easyremote/shared/protocol";
import { systemClock } from "@easyremote/shared/time";
import type { ResourceMonitor } from "../resources/resource-monitor.js";
import { VERSION } from "../version.js";
import { nodeDoor } from "./gateway-url.js";
import type { NodeSettings } from "./node-options.js";
import { socketOpener } from "./open-socket.js";

export interface NodeLinkOptions {
	readonly settings: NodeSettings;
	readonly nodeId: string;
	readonly host: Host;
	readonly monitor: ResourceMonitor;
	/** Which paths its sessions are on; undefined before there can be any. */
	readonly paths: () => PathCounts | undefined;
}

/** Begins to keep a connection to the gateway, as a node with the profile of its host. Throws INVALID_ARGUMENT for a bad address. */
export function nodeLink({
	settings,
	nodeId,
	host,
	monitor,
	paths,
}: NodeLinkOptions): Link {
	// Fresh for each node made, so that the gateway can tell a reconnect from a second process with the same id.
	const instance = randomBytes(16).toString("base64url");
	return gatewayLink({
		url: nodeDoor(settings.gateway, nodeId),
		openSocket: socketOpener(settings.tls),
		hello: () => ({
			version: PROTOCOL_VERSION,
			role: "node",
			agent: `easyremote-node/${VERSION}`,
			...(settings.key === undefined ? {} : { credential: settings.key }),
			instance,
			nodeId,
			node: {
				kind: "compute",
				tags: [...settings.tags],
				direct: settings.direct,
				load: host.load,
				resources: monitor.resources,
				engine: `node ${process.versions.node} (V8 ${process.versions.v8})`,
			},
		}),
		load: () => host.load,
		news: () => ({
			resources: monitor.resources,
			paths: paths(),
			stats: host.stats.take(),
		}),
		heartbeatIntervalMs: settings.heartbeatIntervalMs,
		reconnect: settings.reconnect,
		clock: systemClock,
		random: Math.random,
	});
}
