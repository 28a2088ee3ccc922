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

/** As a tab node's, and `paused`: connected, and taking nothing. */
export type DonorState =
	| "stopped"
	| "starting"
	| "connecting"
	| "online"
	| "paused"
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
	/** Time that calls have run, all Workers together, s: what a browser tells of the CPU time they took. */
	readonly cpuSeconds: number;
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

/** One published bundle, as a donor sees it. */
export interface DonatedBundle {
	readonly name: string;
	readonly version: string;
	readonly description?: string | undefined;
	/** Who published it, as the gateway vouches for it. */
	readonly publisher: string;
	readonly functions: readonly string[];
	/** Whether this donor runs it. */
	readonly taken: boolean;
	/** Why not, in a few words. */
	readonly why?: string | undefined;
	/** Its code is here already. */
	readonly cached: boolean;
}
