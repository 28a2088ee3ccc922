import type { Channel } from "../channel/channel.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { SessionEnd } from "../session/session-types.js";
import type { DirectStatus } from "./session-source.js";

/** What to open: the payload of `session_open`. */
export interface OpenRequest {
	readonly sessionId: string;
	readonly nodeId: string;
	/** Whether the caller wants a direct path. */
	readonly direct: boolean;
}

/** `refused`: the node did not take the session, so nothing sent with it was run. `lost`: that is not known. */
export type RelayAnswer =
	| {
			readonly kind: "taken";
			/** Whether the node accepts WebRTC. */
			readonly direct: boolean;
	  }
	| { readonly kind: "refused"; readonly error: EasyRemoteError }
	| { readonly kind: "lost" };

/** One relay path asked for at the gateway. */
export interface OpenedRelay {
	/** Takes messages at once: they follow `session_open` in the same flight. Closes when the path is lost. */
	readonly channel: Channel;
	/** How gateway or node answered. Never rejects, and settles by the time the channel has closed. */
	readonly answer: Promise<RelayAnswer>;
	/** Tells gateway and node that the session is over, and closes the channel. */
	close(): void;
}

/** The direct side of one session, living as long as it does. It adds its path to the session when it opens. */
export interface DirectPath {
	/** `connecting` from the first `start` until it is known better. */
	readonly status: DirectStatus;
	/** Negotiate over this relay, which the node has taken; given again after a relay was reopened. Without effect while the path is open. */
	start(relay: OpenedRelay): void;
	/** This machine has other addresses than before. */
	networkChanged?(): void;
	/** A call was made that may take it: one that was given back may be made anew. */
	used(): void;
	/** Gives the peer connection back. */
	close(): void;
}

/** How sessions are opened: over a link to the gateway in a client, in process in the gateway. */
export interface SessionOpener {
	/**
	 * Asks for a relay path to a node, waiting for the gateway to be in reach. Rejects with `signal`'s reason,
	 * or with an error where the gateway stays out of reach or does not let us in.
	 */
	open(request: OpenRequest, signal: AbortSignal): Promise<OpenedRelay>;
	/**
	 * The direct side of a new session, asked for when one is wanted and the node takes part, and again if it rejects;
	 * absent where there never is one (the gateway's own door).
	 */
	direct?(
		session: SessionEnd,
		nodeId: string,
	): DirectPath | Promise<DirectPath>;
	/** Whether the gateway has announced a restart, so that lost paths get longer to come back. */
	readonly restarting: boolean;
}
