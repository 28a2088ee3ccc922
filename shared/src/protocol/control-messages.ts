import { ERROR_CODES } from "../errors/error-codes.js";
import {
	dictionary,
	type Fields,
	list,
	object,
	optional,
	tagged,
} from "../shapes/composed.js";
import {
	boolean,
	either,
	matching,
	nullable,
	number,
	numberFrom,
	oneOf,
	type Shaped,
	string,
	textUpTo,
	unknown,
	wholeNumber,
} from "../shapes/shape.js";
import { bundleOffer } from "./bundle.js";
import { capabilities, nodeLoad, nodeResources } from "./node-resources.js";
import { nodeStats } from "./node-stats.js";
import { functionDescriptor, pathCounts, provider } from "./provider.js";
import {
	functionName,
	id,
	name,
	sessionNumber,
	text,
	wireError,
} from "./wire-types.js";

/** One ICE server as `RTCPeerConnection` takes it. */
const iceServer = object({
	urls: either(text, list(text, 16)),
	username: optional(text),
	credential: optional(text),
});

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

/** Who calls, as the gateway vouches for it to the node. */
const callerIdentity = object({
	/** Stable id of the principal. */
	id: text,
	/** Human name: of the key, or the JWT's `sub`. */
	subject: text,
	anonymous: boolean,
	/** What it may do; the node checks every call against them once more. */
	grants: list(text, 256),
	/** The gateway itself calls, for somebody who came in by HTTP. */
	via: optional(oneOf("rest")),
	/** How many calls a minute it may make at each node; absent is any number. */
	quota: optional(
		object({
			/** Calls of the same key are counted together. */
			key: text,
			callsPerMinute: numberFrom(1),
		}),
	),
});

const iceServers = list(iceServer, 32);

const routeQuery = object({
	function: optional(functionName),
	node: optional(name),
	tags: optional(list(text, 64)),
});

/** All but the `type`, which the table has. */
function message<const F extends Fields>(fields: F) {
	return {
		/** Unique per sender and connection. */
		messageId: number,
		/** The sender's wall time, ms since the epoch. */
		timestamp: number,
		/** The `messageId` that this answers. */
		replyTo: optional(number),
		payload: object(fields),
	};
}

/** Every control message, by `type`. PROTOCOL.md says who sends which, and when. */
export const controlMessage = tagged("type", {
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
	welcome: message({
		connectionId: id,
		principal: callerIdentity,
		gatewayId: id,
		heartbeatIntervalMs: number,
		iceServers,
		maxMessageBytes: number,
	}),
	heartbeat: message({
		load: optional(nodeLoad),
		resources: optional(nodeResources),
		latencyMs: optional(number),
		paths: optional(pathCounts),
		/** What clients called since the last one; calls that came in by REST the gateway counts itself. */
		stats: optional(nodeStats),
	}),
	heartbeat_ack: message({
		/** In place of those in `welcome`, whose credentials are getting old. */
		iceServers: optional(iceServers),
	}),
	register_function: message({
		functions: list(functionDescriptor, 4096),
	}),
	function_registered: message({ names: list(functionName) }),
	unregister_function: message({ names: list(functionName) }),
	node_draining: message({}),
	/** To donors, after `welcome` and whenever it changes: everything that is published, in place of what was said before. */
	bundles: message({
		bundles: list(bundleOffer, 1_024),
		/** How many older versions there was no room for. */
		leftOut: optional(wholeNumber()),
	}),
	/** A caller has compared results of a published function. */
	verdict: message({
		nodeId: name,
		function: functionName,
		valid: boolean,
	}),
	route: message({ query: routeQuery }),
	/** Answers `route`, and follows unasked (same `query`) when the providers change. */
	route_update: message({
		query: routeQuery,
		providers: list(provider, 32),
		strategy: text,
		/** Why there are none, when there are none. */
		error: optional(wireError),
	}),
	route_drop: message({ query: routeQuery }),
	list: message({ what: oneOf("functions", "nodes") }),
	listing: message({ items: list(provider) }),
	session_open: message({
		session: sessionNumber,
		/** Chosen by the caller, secret between both ends and the gateway: reopening with it resumes. */
		sessionId: id,
		nodeId: name,
		/** Whether the caller wants a direct path. */
		direct: boolean,
		/** Stamped by the gateway; what a client writes here is thrown away. */
		caller: optional(callerIdentity),
	}),
	session_opened: message({ session: sessionNumber, direct: boolean }),
	session_close: message({
		session: sessionNumber,
		error: optional(wireError),
	}),
	/** Back-pressure of the relay: stop, or go on, sending on this session. */
	session_pause: message({ session: sessionNumber, paused: boolean }),
	signal: message({
		session: sessionNumber,
		/** One attempt at a peer connection; signals of an older attempt are ignored. */
		attempt: number,
		signal: tagged("kind", {
			request: {},
			description: {
				type: oneOf("offer", "answer"),
				sdp: textUpTo(32_768),
			},
			candidate: {
				candidate: textUpTo(2_048),
				sdpMid: nullable(text),
				sdpMLineIndex: nullable(number),
			},
			failed: {
				reason: text,
				/** What would help, for people. */
				fix: optional(text),
				/** WebRTC refused a description, which happens now and then: the same again may well succeed. */
				repeat: optional(boolean),
			},
		}),
	}),
	goaway: message({ reason: text, retryAfterMs: number }),
	error: message({
		code: oneOf(...Object.keys(ERROR_CODES)),
		message: string,
		hint: optional(string),
		details: optional(dictionary(unknown)),
		retryable: optional(boolean),
	}),
});

/** A validated control message. */
export type ControlMessage = Shaped<typeof controlMessage>;
/** The words that `ControlMessage.type` takes. */
export type ControlType = ControlMessage["type"];
/** The payload that belongs to a type. */
export type ControlPayload<T extends ControlType> = Extract<
	ControlMessage,
	{ type: T }
>["payload"];
/** One control message of a known type. */
export type ControlMessageOf<T extends ControlType> = Extract<
	ControlMessage,
	{ type: T }
>;

export type CallerIdentity = Shaped<typeof callerIdentity>;
export type IceServer = Shaped<typeof iceServer>;
export type NodeProfile = Shaped<typeof nodeProfile>;
export type RouteQuery = Shaped<typeof routeQuery>;
export type Signal = ControlPayload<"signal">["signal"];
