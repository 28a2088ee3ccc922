import { type Fields, list, object, optional } from "../shapes/composed.js";
import { boolean, either, number, numberFrom, oneOf } from "../shapes/shape.js";
import { functionName, name, text } from "./wire-types.js";

/** One ICE server as `RTCPeerConnection` takes it. */
export const iceServer = object({
	urls: either(text, list(text, 16)),
	username: optional(text),
	credential: optional(text),
});

/** Who calls, as the gateway vouches for it to the node. */
export const callerIdentity = object({
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

export const iceServers = list(iceServer, 32);

export const routeQuery = object({
	function: optional(functionName),
	node: optional(name),
	tags: optional(list(text, 64)),
});

/** All but the `type`, which the table has. */
export function message<const F extends Fields>(fields: F) {
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
