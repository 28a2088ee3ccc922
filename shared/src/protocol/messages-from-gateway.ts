import { list, optional } from "../shapes/composed.js";
import { boolean, number, wholeNumber } from "../shapes/shape.js";
import { bundleOffer } from "./bundle.js";
import { provider } from "./provider.js";
import {
	functionName,
	id,
	sessionNumber,
	text,
	wireError,
} from "./wire-types.js";
import {
	callerIdentity,
	iceServers,
	message,
	routeQuery,
} from "./control-parts.js";

import { messagesBothWays } from "./messages-both-ways.js";

/** What a peer may hear from its gateway. */
export const messagesFromGateway = {
	...messagesBothWays,
	welcome: message({
		connectionId: id,
		principal: callerIdentity,
		gatewayId: id,
		heartbeatIntervalMs: number,
		iceServers,
		maxMessageBytes: number,
	}),
	heartbeat_ack: message({
		/** In place of those in `welcome`, whose credentials are getting old. */
		iceServers: optional(iceServers),
	}),
	function_registered: message({ names: list(functionName) }),
	/** To donors, after `welcome` and whenever it changes: everything that is published, in place of what was said before. */
	bundles: message({
		bundles: list(bundleOffer, 1_024),
		/** How many older versions there was no room for. */
		leftOut: optional(wholeNumber()),
	}),
	/** Answers `route`, and follows unasked (same `query`) when the providers change. */
	route_update: message({
		query: routeQuery,
		providers: list(provider, 32),
		strategy: text,
		/** Why there are none, when there are none. */
		error: optional(wireError),
	}),
	listing: message({ items: list(provider) }),
	/** Back-pressure of the relay: stop, or go on, sending on this session. */
	session_pause: message({ session: sessionNumber, paused: boolean }),
	goaway: message({ reason: text, retryAfterMs: number }),
};
