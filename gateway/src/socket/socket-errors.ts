import { EasyRemoteError } from "@easyremote/shared/errors";
import { CLOSE_CODES, type ControlType } from "@easyremote/shared/protocol";

/** The peer broke the protocol: the connection is closed with 4400. */
export function breach(message: string, hint?: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", message, {
		hint,
		details: { closeCode: CLOSE_CODES.protocol },
	});
}

/** A message that this peer may not send, or not now. */
export function unexpectedMessage(
	type: ControlType,
	who: string,
): EasyRemoteError {
	return breach(`“${type}” is not for ${who} to send`);
}

export function textMessage(): EasyRemoteError {
	return breach(
		"a text message came in",
		"Send binary messages: packets as PROTOCOL.md §2 has them.",
	);
}

export function brokenPackets(): EasyRemoteError {
	return breach(
		"a message was not a whole number of packets",
		"PROTOCOL.md §2 has the layout.",
	);
}

export function controlTooLarge(bytes: number, limit: number): EasyRemoteError {
	return breach(
		`a control message of ${bytes} bytes came in; at most ${limit} are allowed`,
	);
}

export function tooManyControls(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"too many control messages in too short a time",
		{
			retryAfterMs: 1_000,
		},
	);
}

export function helloTimeout(ms: number): EasyRemoteError {
	return new EasyRemoteError(
		"DEADLINE_EXCEEDED",
		`no “hello” came within ${ms} ms`,
		{
			details: { closeCode: CLOSE_CODES.helloTimeout },
		},
	);
}

export function noRoom(what: string, retryAfterMs: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`too many connections ${what}`,
		{ retryAfterMs },
	);
}

export function slowReader(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"the connection reads too slowly for what is sent to it",
		{
			retryAfterMs: 0,
		},
	);
}

export function silentPeer(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the peer has not answered two pings",
	);
}

export function silentNode(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the node has not sent two heartbeats that were due",
	);
}

export function replacedNode(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		`node ${nodeId} has connected anew elsewhere`,
		{
			hint: "Give each node an id of its own.",
		},
	);
}

export function gatewayStops(retryAfterMs: number): EasyRemoteError {
	return new EasyRemoteError("UNAVAILABLE", "the gateway is shutting down", {
		retryAfterMs,
	});
}

export function credentialVoid(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAUTHENTICATED",
		"the credential has expired or was revoked",
	);
}

/** The close code for an error: the one it names, else the one of its code. */
export function closeCodeFor(
	error: EasyRemoteError,
	ofCode: (error: EasyRemoteError) => number,
): number {
	const named = error.details?.["closeCode"];
	return typeof named === "number" ? named : ofCode(error);
}
