import { tagged } from "../shapes/composed.js";
import type { Shaped } from "../shapes/shape.js";
import type { callerIdentity, iceServer, routeQuery } from "./control-parts.js";
import { messagesFromGateway } from "./messages-from-gateway.js";
import { messagesToGateway } from "./messages-to-gateway.js";

/** Every control message, by `type`. PROTOCOL.md says who sends which, and when. */
export const controlMessage = tagged("type", {
	...messagesToGateway,
	...messagesFromGateway,
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
export type { NodeProfile } from "./messages-to-gateway.js";
export type RouteQuery = Shaped<typeof routeQuery>;
export type Signal = ControlPayload<"signal">["signal"];
