import { EasyRemoteError } from "@easyremote/shared/errors";

/** `details.reason` of an error that ends the relay path, not the session: its opener may come back with the same id. */
export const PEER_LOST = "peer_lost";

/** The other side's socket is gone. */
export function peerLost(who: "caller" | "node"): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the ${who}'s connection to the gateway was lost`,
		{
			details: { reason: PEER_LOST },
		},
	);
}

/** The session goes on over a newer path. */
export function pathReplaced(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the session was opened anew over another path",
		{
			details: { reason: PEER_LOST },
		},
	);
}

/** Somebody who is not its opener named an existing session. */
export function foreignSession(): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		"a session of that id belongs to somebody else",
		{
			hint: "Choose a random session id.",
		},
	);
}

/** More was sent on a session than its receiver, or the gateway, had allowed. */
export function tooMuchSent(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"more was sent on the session than its far end can take",
		{
			hint: "Heed session_pause, and wait for session_opened before sending more than 1 MiB.",
		},
	);
}
