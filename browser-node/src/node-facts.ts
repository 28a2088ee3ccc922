/**
 * `stopped`: nothing runs. `starting`: loading the module. `connecting`: on the way to the gateway, the first time
 * or again. `online`: callable. `stopping`: being taken down.
 */
export type BrowserNodeState =
	| "stopped"
	| "starting"
	| "connecting"
	| "online"
	| "stopping";

/** Bytes moved, in whole messages. */
export interface ByteCount {
	readonly sent: number;
	readonly received: number;
}

/** What the node has done since it was started. */
export interface BrowserNodeStats {
	readonly callsDone: number;
	/** Of those, how many failed; cancelled ones are not counted here. */
	readonly callsFailed: number;
	readonly running: number;
	readonly queued: number;
	/** Sessions of callers by what carries them now. */
	readonly sessions: { readonly direct: number; readonly relay: number };
	/** Type of the newest direct path's candidate ("host", "srflx", "prflx", "relay"). */
	readonly candidate?: string | undefined;
	/** Over data channels, and over the gateway's socket, what the node and the gateway say to each other included. */
	readonly bytes: { readonly direct: ByteCount; readonly relay: ByteCount };
}

/** One call, told when it starts and again when it ends. */
export interface BrowserNodeCall {
	readonly id: string;
	readonly function: string;
	/** Name of who called, as the gateway vouches for it. */
	readonly caller: string;
	readonly outcome: "running" | "done" | "failed" | "cancelled";
	readonly path?: "direct" | "relay" | undefined;
	/** Time it ran, ms, once it has ended. */
	readonly runMs?: number | undefined;
}
