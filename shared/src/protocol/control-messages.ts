import * as v from "valibot";
import { ERROR_CODES } from "../errors/error-codes.js";
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
const iceServer = v.object({
	urls: v.union([text, v.pipe(v.array(text), v.maxLength(16))]),
	username: v.optional(text),
	credential: v.optional(text),
});

const nodeProfile = v.object({
	/** A compute node runs its owner's functions; a donor is a tab that runs what others published. */
	kind: v.picklist(["compute", "tab", "donor"]),
	tags: v.pipe(v.array(text), v.maxLength(64)),
	/** Accepts WebRTC. */
	direct: v.boolean(),
	load: nodeLoad,
	resources: v.optional(nodeResources),
	/** JavaScript engine and version, for results that differ between engines. */
	engine: v.optional(text),
	/** Of a donor. */
	capabilities: v.optional(capabilities),
	/** Of a donor: proof of its key, which its trust and credit belong to. */
	donor: v.optional(
		v.object({
			/** Ed25519 public key, 32 bytes, base64url. */
			key: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
			/** ms since the epoch. */
			signedAt: v.number(),
			/** By that key over `donorStatement`, base64url. */
			signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
		}),
	),
});

/** Who calls, as the gateway vouches for it to the node. */
const callerIdentity = v.object({
	/** Stable id of the principal. */
	id: text,
	/** Human name: of the key, or the JWT's `sub`. */
	subject: text,
	anonymous: v.boolean(),
	/** What it may do; the node checks every call against them once more. */
	grants: v.pipe(v.array(text), v.maxLength(256)),
	/** The gateway itself calls, for somebody who came in by HTTP. */
	via: v.optional(v.literal("rest")),
	/** How many calls a minute it may make at each node; absent is any number. */
	quota: v.optional(
		v.object({
			/** Calls of the same key are counted together. */
			key: text,
			callsPerMinute: v.pipe(v.number(), v.minValue(1)),
		}),
	),
});

const iceServers = v.pipe(v.array(iceServer), v.maxLength(32));

const routeQuery = v.object({
	function: v.optional(functionName),
	node: v.optional(name),
	tags: v.optional(v.pipe(v.array(text), v.maxLength(64))),
});

function message<const T extends string, const E extends v.ObjectEntries>(
	type: T,
	entries: E,
) {
	return v.object({
		type: v.literal(type),
		/** Unique per sender and connection. */
		messageId: v.number(),
		/** The sender's wall time, ms since the epoch. */
		timestamp: v.number(),
		/** The `messageId` that this answers. */
		replyTo: v.optional(v.number()),
		payload: v.object(entries),
	});
}

/** Every control message, by `type`. PROTOCOL.md says who sends which, and when. */
export const controlMessage = v.variant("type", [
	message("hello", {
		version: v.number(),
		role: v.picklist(["client", "node"]),
		agent: text,
		/** API key or JWT; absent is anonymous. */
		credential: v.optional(text),
		/** Fresh per process or tab: tells a reconnect from a second claimant. */
		instance: id,
		nodeId: v.optional(name),
		node: v.optional(nodeProfile),
	}),
	message("welcome", {
		connectionId: id,
		principal: callerIdentity,
		gatewayId: id,
		heartbeatIntervalMs: v.number(),
		iceServers,
		maxMessageBytes: v.number(),
	}),
	message("heartbeat", {
		load: v.optional(nodeLoad),
		resources: v.optional(nodeResources),
		latencyMs: v.optional(v.number()),
		paths: v.optional(pathCounts),
		/** What clients called since the last one; calls that came in by REST the gateway counts itself. */
		stats: v.optional(nodeStats),
	}),
	message("heartbeat_ack", {
		/** In place of those in `welcome`, whose credentials are getting old. */
		iceServers: v.optional(iceServers),
	}),
	message("register_function", {
		functions: v.pipe(v.array(functionDescriptor), v.maxLength(4096)),
	}),
	message("function_registered", { names: v.array(functionName) }),
	message("unregister_function", { names: v.array(functionName) }),
	message("node_draining", {}),
	/** To donors, after `welcome` and whenever it changes: everything that is published, in place of what was said before. */
	message("bundles", {
		bundles: v.pipe(v.array(bundleOffer), v.maxLength(1_024)),
		/** How many older versions there was no room for. */
		leftOut: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
	}),
	/** A caller has compared results of a published function. */
	message("verdict", {
		nodeId: name,
		function: functionName,
		valid: v.boolean(),
	}),
	message("route", { query: routeQuery }),
	/** Answers `route`, and follows unasked (same `query`) when the providers change. */
	message("route_update", {
		query: routeQuery,
		providers: v.pipe(v.array(provider), v.maxLength(32)),
		strategy: text,
		/** Why there are none, when there are none. */
		error: v.optional(wireError),
	}),
	message("route_drop", { query: routeQuery }),
	message("list", { what: v.picklist(["functions", "nodes"]) }),
	message("listing", { items: v.array(provider) }),
	message("session_open", {
		session: sessionNumber,
		/** Chosen by the caller, secret between both ends and the gateway: reopening with it resumes. */
		sessionId: id,
		nodeId: name,
		/** Whether the caller wants a direct path. */
		direct: v.boolean(),
		/** Stamped by the gateway; what a client writes here is thrown away. */
		caller: v.optional(callerIdentity),
	}),
	message("session_opened", { session: sessionNumber, direct: v.boolean() }),
	message("session_close", {
		session: sessionNumber,
		error: v.optional(wireError),
	}),
	/** Back-pressure of the relay: stop, or go on, sending on this session. */
	message("session_pause", { session: sessionNumber, paused: v.boolean() }),
	message("signal", {
		session: sessionNumber,
		/** One attempt at a peer connection; signals of an older attempt are ignored. */
		attempt: v.number(),
		signal: v.variant("kind", [
			v.object({ kind: v.literal("request") }),
			v.object({
				kind: v.literal("description"),
				type: v.picklist(["offer", "answer"]),
				sdp: v.pipe(v.string(), v.maxLength(32_768)),
			}),
			v.object({
				kind: v.literal("candidate"),
				candidate: v.pipe(v.string(), v.maxLength(2_048)),
				sdpMid: v.nullable(text),
				sdpMLineIndex: v.nullable(v.number()),
			}),
			v.object({
				kind: v.literal("failed"),
				reason: text,
				/** What would help, for people. */
				fix: v.optional(text),
				/** WebRTC refused a description, which happens now and then: the same again may well succeed. */
				repeat: v.optional(v.boolean()),
			}),
		]),
	}),
	message("goaway", { reason: text, retryAfterMs: v.number() }),
	message("error", {
		code: v.picklist(Object.keys(ERROR_CODES) as [string, ...string[]]),
		message: v.string(),
		hint: v.optional(v.string()),
		details: v.optional(v.record(v.string(), v.unknown())),
		retryable: v.optional(v.boolean()),
	}),
]);

/** A validated control message. */
export type ControlMessage = v.InferOutput<typeof controlMessage>;
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

export type CallerIdentity = v.InferOutput<typeof callerIdentity>;
export type IceServer = v.InferOutput<typeof iceServer>;
export type NodeProfile = v.InferOutput<typeof nodeProfile>;
export type RouteQuery = v.InferOutput<typeof routeQuery>;
export type Signal = ControlPayload<"signal">["signal"];
