import { list, object, optional } from "../shapes/composed.js";
import {
	boolean,
	matching,
	number,
	oneOf,
	type Shaped,
} from "../shapes/shape.js";
import { capabilities, nodeLoad, nodeResources } from "./node-resources.js";
import { nodeStats } from "./node-stats.js";
import { functionDescriptor, pathCounts } from "./provider.js";
import { functionName, id, name, text } from "./wire-types.js";
import { message, routeQuery } from "./control-parts.js";

const nodeProfile = object({
	/** A compute node runs its owner's functions; a donor is a tab that runs what others published. */
	kind: oneOf("compute", "tab", "donor"),
	tags: list(text, 64),
	/** Accepts WebRTC. */
	direct: boolean,
	load: nodeLoad,
	resources: optional(nodeResources),
	/** JavaScript engine and version, for results that differ between engines. */
	engine: optional(text),
	/** Of a donor. */
	capabilities: optional(capabilities),
	/** Of a donor: proof of its key, which its trust and credit belong to. */
	donor: optional(
		object({
			/** Ed25519 public key, 32 bytes, base64url. */
			key: matching(/^[A-Za-z0-9_-]{43}$/),
			/** ms since the epoch. */
			signedAt: number,
			/** By that key over `donorStatement`, base64url. */
			signature: matching(/^[A-Za-z0-9_-]{86}$/),
		}),
	),
});

/** What only peers say. */
export const messagesToGateway = {
	hello: message({
		version: number,
		role: oneOf("client", "node"),
		agent: text,
		/** API key or JWT; absent is anonymous. */
		credential: optional(text),
		/** Fresh per process or tab: tells a reconnect from a second claimant. */
		instance: id,
		nodeId: optional(name),
		node: optional(nodeProfile),
	}),
	heartbeat: message({
		load: optional(nodeLoad),
		resources: optional(nodeResources),
		latencyMs: optional(number),
		paths: optional(pathCounts),
		/** What clients called since the last one; calls that came in by REST the gateway counts itself. */
		stats: optional(nodeStats),
	}),
	register_function: message({
		functions: list(functionDescriptor, 4096),
	}),
	unregister_function: message({ names: list(functionName) }),
	node_draining: message({}),
	/** A caller has compared results of a published function. */
	verdict: message({
		nodeId: name,
		function: functionName,
		valid: boolean,
	}),
	route: message({ query: routeQuery }),
	route_drop: message({ query: routeQuery }),
	list: message({ what: oneOf("functions", "nodes") }),
};

export type NodeProfile = Shaped<typeof nodeProfile>;
