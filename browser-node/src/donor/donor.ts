import type {
	BrowserNodeStats,
	DonatedBundle,
	DonorState,
} from "../node-facts.js";
import type { DonorEventMap } from "./donor-events.js";

/** How a tab lends itself to what others have published. */
export interface DonorOptions {
	/** Address of the gateway, "https://gw.example.com". */
	readonly gateway: string | URL;
	/** API key or JWT; absent is anonymous, which gateways have to allow. */
	readonly key?: string | undefined;
	/** Calls at once; all cores but one unless told. */
	readonly cores?: number | undefined;
	/** Share of the time that each core may be busy, 0.1–1 (1). */
	readonly dutyCycle?: number | undefined;
	/** Most memory a function may ask for, bytes (1 GB). What it asks for is not enforced: browsers have no such limit. */
	readonly memoryBytes?: number | undefined;
	/** Whether functions that ask for it may use the GPU (false). */
	readonly webgpu?: boolean | undefined;
	/** Whether callers may connect by WebRTC (true). They then learn this machine's network address. */
	readonly direct?: boolean | undefined;
	/** "relay" keeps it from them: direct paths go through a TURN server, or there are none ("all"). */
	readonly iceTransportPolicy?: "all" | "relay" | undefined;
	/** Most code kept from one visit to the next, bytes (200 MB). */
	readonly cacheBytes?: number | undefined;
}

/** A tab that runs published functions in a sandbox. */
export interface Donor {
	/** What its trust and credit belong to: the thumbprint of its key. Undefined before the first `start`. */
	readonly id: string | undefined;
	/** Its id as a node; undefined before the first `start`. */
	readonly nodeId: string | undefined;
	readonly state: DonorState;
	/** What is published; empty before `start`. */
	readonly bundles: readonly DonatedBundle[];
	readonly stats: BrowserNodeStats;
	/**
	 * Resolves once the gateway has taken the donor. Rejects with its refusal, or with UNIMPLEMENTED where the page is not
	 * a secure context. While the gateway is out of reach it keeps trying.
	 */
	start(): Promise<void>;
	/** Takes no more calls; those that run have a second to end. */
	pause(): void;
	resume(): void;
	/** The share of time that is given from now on, 0.1–1. */
	setDutyCycle(share: number): void;
	/** Ends everything: running calls, connections, Workers, within a second. */
	stop(): Promise<void>;
	addEventListener<T extends keyof DonorEventMap>(
		type: T,
		listener: (event: DonorEventMap[T]) => void,
		options?: boolean | AddEventListenerOptions,
	): void;
	removeEventListener<T extends keyof DonorEventMap>(
		type: T,
		listener: (event: DonorEventMap[T]) => void,
	): void;
}
