import type { WireError } from "@easyremote/shared/errors";
import type { AttemptFacts, PeerSignal } from "@easyremote/shared/peer";
import type {
	FunctionDescriptor,
	IceServer,
} from "@easyremote/shared/protocol";
import type {
	BrowserNodeCall,
	BrowserNodeState,
	BrowserNodeStats,
	DonatedBundle,
} from "../node-facts.js";
import type { SandboxBundle } from "./sandbox-port.js";

/** What the node Worker needs to begin. */
export interface NodeStart {
	readonly gateway: string;
	readonly key: string | undefined;
	readonly id: string;
	readonly maxConcurrent: number;
	readonly maxQueue: number | undefined;
	readonly direct: boolean;
	readonly iceTransportPolicy: "all" | "relay";
	readonly maxPeerConnections: number | undefined;
	readonly tags: readonly string[];
	/** Set for a donor: it runs what is published, in place of the page's own module. */
	readonly donor?: DonorStart | undefined;
}

/** What a donor needs besides. */
export interface DonorStart {
	/** Ed25519; the private half stays inside the browser. */
	readonly keys: CryptoKeyPair;
	/** Whether it takes nothing at first. */
	readonly paused: boolean;
	/** Share of the time that each core may be busy, 0.1–1. */
	readonly dutyCycle: number;
	/** Most memory that a function may ask for, bytes. */
	readonly memoryBytes: number;
	readonly webgpu: boolean;
	/** Most code kept from one visit to the next, bytes. */
	readonly cacheBytes: number;
}

/** How it went: errors are data here, so that they keep their code. */
export type NodeStarted = { readonly error?: WireError };

/** What the page wants of one attempt at a direct path. */
export interface PeerRequest {
	readonly initiator: boolean;
	readonly iceServers: readonly IceServer[];
	readonly iceTransportPolicy: "all" | "relay" | undefined;
}

/** What the page asks of the node Worker, by comlink. */
export interface NodeWorkerApi {
	/** Resolves once registered at the gateway, or with what refused. */
	start(options: NodeStart, page: PageApi): Promise<NodeStarted>;
	/** Closes sessions and the connection in good order. */
	stop(): Promise<void>;
	/** A donor takes no more calls and ends those that run, or takes them again. */
	pause(paused: boolean): void;
	/** The share of time a donor gives, from now on. */
	setDutyCycle(share: number): void;
	/** A Worker's script could not be loaded, its code is not what was offered, or it or its frame broke. */
	workerFailed(worker: number, error: WireError): void;
	/** The data channel of an attempt, still opening; or a port that stands for it where channels cannot be moved. */
	peerChannel(attempt: number, channel: RTCDataChannel | MessagePort): void;
	/** A signal for the far end. */
	peerSignal(attempt: number, signal: PeerSignal): void;
	/** The connection is up, over that type of candidate. */
	peerOpened(attempt: number, candidate: string, facts: AttemptFacts): void;
	/** It came to nothing, or broke; `facts` are missing where nothing was begun. */
	peerFailed(
		attempt: number,
		error: WireError,
		facts: AttemptFacts | undefined,
	): void;
}

/** What the node Worker asks of the page, by comlink. Nothing waits for an answer. */
export interface PageApi {
	spawnWorker(worker: number, port: MessagePort): void;
	terminateWorker(worker: number): void;
	/** Starts a Worker in the sandbox, which will serve the bundle on `port`. */
	spawnSandboxed(
		worker: number,
		port: MessagePort,
		bundle: SandboxBundle,
	): void;
	terminateSandboxed(worker: number): void;
	/** Comes about once a second while there are sandboxed Workers: the page looks whether they live. */
	checkSandbox(): void;
	connectPeer(attempt: number, request: PeerRequest): void;
	signalPeer(attempt: number, signal: PeerSignal): void;
	/** The channel of an attempt has opened: only its owner can see that. */
	channelOpened(attempt: number): void;
	/** The channel of an attempt came to nothing, and why: the page answers with `peerFailed`. */
	channelFailed(attempt: number, reason: string): void;
	closePeer(attempt: number): void;
	functions(functions: readonly FunctionDescriptor[]): void;
	/** What is published, and what of it this donor runs. */
	bundles(bundles: readonly DonatedBundle[]): void;
	/** The id of the connection to the gateway, each time there is a new one. */
	connected(connectionId: string): void;
	state(state: BrowserNodeState, error: WireError | undefined): void;
	/** What became of calls, oldest news first. */
	calls(calls: readonly BrowserNodeCall[]): void;
	stats(stats: BrowserNodeStats): void;
	error(error: WireError): void;
}
