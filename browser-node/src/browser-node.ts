import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { BrowserNodeEventMap } from "./browser-node-events.js";
import type { BrowserNodeState, BrowserNodeStats } from "./node-facts.js";

/**
 * Where a tab's functions come from: the address of an ES module whose exports are functions, or, for
 * bundlers, a function that starts a Worker of your own that calls `serveFunctions`.
 */
export type FunctionSource = URL | string | (() => Worker);

/** How a tab becomes a node. */
export interface BrowserNodeOptions {
	/** Address of the gateway, "https://gw.example.com". */
	readonly gateway: string | URL;
	/** API key or JWT; absent is anonymous. */
	readonly key?: string | undefined;
	/** Node id; unless given, one is made up and kept for this origin (`tab-xxxxxx`). */
	readonly id?: string | undefined;
	readonly module: FunctionSource;
	/** Calls at once, each in a Worker of its own; all cores but one, and two at least, unless told. */
	readonly maxConcurrent?: number | undefined;
	/** Calls that may wait for a Worker; 100 unless told. */
	readonly maxQueue?: number | undefined;
	/** Whether callers may connect by WebRTC, true unless told. They then learn this machine's network address. */
	readonly direct?: boolean | undefined;
	/** "relay" keeps it from them: direct paths go through a TURN server, or there are none ("all"). */
	readonly iceTransportPolicy?: "all" | "relay" | undefined;
	/** Peer connections held at once; unused ones make room for new ones. 64 unless told. */
	readonly maxPeerConnections?: number | undefined;
	readonly tags?: readonly string[] | undefined;
}

/** A tab that serves functions. */
export interface BrowserNode {
	/** The node id; undefined before the first `start`, unless it was given. */
	readonly id: string | undefined;
	readonly state: BrowserNodeState;
	/** What is served; empty before `start`. */
	readonly functions: readonly FunctionDescriptor[];
	readonly stats: BrowserNodeStats;
	/**
	 * Loads the module, connects and registers. Resolves once the gateway has accepted the registration.
	 * Rejects with what is wrong with the module (INVALID_ARGUMENT), or with the gateway's refusal.
	 * While the gateway is out of reach it keeps trying.
	 */
	start(): Promise<void>;
	/** Ends everything: running calls are cancelled, connections closed, Workers gone within a second. */
	stop(): Promise<void>;
	addEventListener<T extends keyof BrowserNodeEventMap>(
		type: T,
		listener: (event: BrowserNodeEventMap[T]) => void,
		options?: boolean | AddEventListenerOptions,
	): void;
	removeEventListener<T extends keyof BrowserNodeEventMap>(
		type: T,
		listener: (event: BrowserNodeEventMap[T]) => void,
	): void;
}
