import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { PathKind } from "../session/call-end.js";

/** `hit`: answered without running the function for this call. `miss`: it had to run, and keeps its answers. */
export type CacheOutcome = "hit" | "miss";

/** What is known of a call once it is over on the node: for events, logs and command lines. */
export interface CallReport {
	readonly callId: string;
	readonly functionName: string;
	readonly caller: CallerIdentity;
	/** The path it was on at its end; undefined while there was none. */
	readonly transport: PathKind | undefined;
	/** Time spent waiting for a place, ms. */
	readonly queuedMs: number;
	/** Time from its start to its end, ms; 0 if it never started. */
	readonly runMs: number;
	/** Bytes of arguments received so far. */
	readonly bytesReceived: number;
	/** Bytes of answers sent so far; what still waits in a queue is not in it. */
	readonly bytesSent: number;
	/** What the cache did for it; undefined where the function does not ask for one, or the call failed. */
	readonly cache: CacheOutcome | undefined;
	/** Why it failed; undefined where it was answered. */
	readonly error: EasyRemoteError | undefined;
}
