import type { EasyRemoteError } from "../errors/easyremote-error.js";

/**
 * `details.reason` of a `session_close` that ends the relay path, not the session. `peer`: the other side's socket is
 * gone, and may come back within the reattach timeout. `node`: the node has been silent for two heartbeats, so waiting
 * for it is in vain.
 */
export const PATH_LOSS = { peer: "peer_lost", node: "node_lost" } as const;

/** Whether a session outlives what it was closed with. */
export function isPathLoss(error: EasyRemoteError | undefined): boolean {
	const reason = error?.details?.["reason"];
	return reason === PATH_LOSS.peer || reason === PATH_LOSS.node;
}

/** Whether it is in vain to wait for the node. */
export function isNodeLoss(error: EasyRemoteError | undefined): boolean {
	return error?.details?.["reason"] === PATH_LOSS.node;
}
