import { EasyRemoteError } from "@easyremote/shared/errors";
import { PATH_LOSS } from "@easyremote/shared/protocol";

/** The other side's socket is gone. */
export function peerLost(who: "caller" | "node"): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the ${who}'s connection to the gateway was lost`,
		{
			details: { reason: PATH_LOSS.peer },
		},
	);
}

/** The node is connected, and mute: what it has of the session is given up. */
export function nodeLost(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the node has been silent for two heartbeats and counts as lost",
		{ details: { reason: PATH_LOSS.node } },
	);
}

/** The node has said that it is gone for good. */
export function nodeLeft(): EasyRemoteError {
	return new EasyRemoteError("UNAVAILABLE", "the node has left", {
		details: { reason: PATH_LOSS.node },
	});
}

/** The session goes on over a newer path. */
export function pathReplaced(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the session was opened anew over another path",
		{
			details: { reason: PATH_LOSS.peer },
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
