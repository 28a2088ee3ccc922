import {
	EasyRemoteError,
	fromWireError,
	toWireError,
	type WireError,
} from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { type Remote, proxy, releaseProxy, transfer, wrap } from "comlink";
import type { FunctionSource } from "../browser-node.js";
import type {
	BrowserNodeCall,
	BrowserNodeState,
	BrowserNodeStats,
	DonatedBundle,
} from "../node-facts.js";
import type { NodeStart, NodeWorkerApi, PageApi } from "../ports/page-port.js";
import { SandboxFrames } from "../sandbox/sandbox-frames.js";
import { FunctionWorkers } from "./function-workers.js";
import { PagePeers } from "./page-peers.js";

/** What the node Worker tells of itself. */
export interface PageSideEvents {
	functions(functions: readonly FunctionDescriptor[]): void;
	bundles(bundles: readonly DonatedBundle[]): void;
	connected(connectionId: string): void;
	state(state: BrowserNodeState, error: WireError | undefined): void;
	call(call: BrowserNodeCall): void;
	stats(stats: BrowserNodeStats): void;
	error(error: WireError): void;
	/** The node Worker is no more. */
	ended(error: EasyRemoteError): void;
}

/** What of a node has to live on the page: its Workers' handles, and WebRTC, which Workers do not have. */
export class PageSide {
	readonly #worker: Worker;
	readonly #node: Remote<NodeWorkerApi>;
	readonly #workers: FunctionWorkers | undefined;
	readonly #peers: PagePeers;
	#sandbox: SandboxFrames | undefined;
	readonly #events: PageSideEvents;
	#fail: ((error: EasyRemoteError) => void) | undefined;
	#killed = false;

	/** @param source of the functions; a donor has none */
	constructor(source: FunctionSource | undefined, events: PageSideEvents) {
		this.#events = events;
		this.#worker = new Worker(
			new URL("../worker/node-worker.js", import.meta.url),
			{ type: "module" },
		);
		this.#worker.addEventListener("error", (event) =>
			this.#crashed(event.message),
		);
		this.#node = wrap<NodeWorkerApi>(this.#worker);
		const node = this.#node;
		this.#workers =
			source === undefined
				? undefined
				: new FunctionWorkers(source, (worker, error) =>
						this.#workerFailed(worker, error),
					);
		this.#peers = new PagePeers({
			channel: (attempt, channel) =>
				this.#say(node.peerChannel(attempt, transfer(channel, [channel]))),
			signal: (attempt, signal) => this.#say(node.peerSignal(attempt, signal)),
			opened: (attempt, candidate, facts) =>
				this.#say(node.peerOpened(attempt, candidate, facts)),
			failed: (attempt, error, facts) =>
				this.#say(node.peerFailed(attempt, error, facts)),
		});
	}

	/** Resolves once registered. Rejects with what the gateway or the module is refused for. */
	async start(options: NodeStart): Promise<void> {
		if (options.donor)
			this.#sandbox = new SandboxFrames({
				url: new URL("/sandbox.html", options.gateway),
				failed: (worker, error) => this.#workerFailed(worker, error),
			});
		const crash = new Promise<never>((_resolve, reject) => {
			this.#fail = reject;
		});
		const { error } = await Promise.race([
			this.#node.start(options, proxy(this.#api())),
			crash,
		]);
		if (error) throw fromWireError(error);
	}

	/** As `NodeWorkerApi.pause`. */
	pause(paused: boolean): void {
		this.#say(this.#node.pause(paused));
	}

	/** As `NodeWorkerApi.setDutyCycle`. */
	setDutyCycle(share: number): void {
		this.#say(this.#node.setDutyCycle(share));
	}

	/** Lets the node say goodbye for at most `goodbyeMs`. */
	async stop(goodbyeMs: number): Promise<void> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, goodbyeMs);
		});
		await Promise.race([this.#node.stop().catch(() => undefined), patience]);
		clearTimeout(timer);
	}

	/** Ends everything at once. */
	kill(reason: EasyRemoteError | undefined): void {
		if (this.#killed) return;
		this.#killed = true;
		this.#peers.closeAll();
		this.#workers?.terminateAll();
		this.#sandbox?.close();
		this.#node[releaseProxy]();
		this.#worker.terminate();
		this.#fail?.(
			reason ?? new EasyRemoteError("CANCELLED", "the node was stopped"),
		);
	}

	/** What the node Worker may ask of this page; its word ends with the node. */
	#api(): PageApi {
		const events = this.#events;
		return {
			spawnWorker: (worker, port) =>
				this.#alive(() => this.#workers?.spawn(worker, port)),
			terminateWorker: (worker) => this.#workers?.terminate(worker),
			spawnSandboxed: (worker, port, bundle) =>
				this.#alive(() => this.#sandbox?.spawn(worker, port, bundle)),
			terminateSandboxed: (worker) => this.#sandbox?.terminate(worker),
			checkSandbox: () => this.#sandbox?.check(),
			connectPeer: (attempt, request) =>
				this.#alive(() => this.#peers.connect(attempt, request)),
			signalPeer: (attempt, signal) => this.#peers.signal(attempt, signal),
			channelOpened: (attempt) => this.#peers.channelOpened(attempt),
			channelFailed: (attempt, reason) =>
				this.#peers.channelFailed(attempt, reason),
			closePeer: (attempt) => this.#peers.close(attempt),
			functions: (list) => this.#alive(() => events.functions(list)),
			bundles: (list) => this.#alive(() => events.bundles(list)),
			connected: (id) => this.#alive(() => events.connected(id)),
			state: (now, why) => this.#alive(() => events.state(now, why)),
			calls: (news) =>
				this.#alive(() => {
					for (const call of news) events.call(call);
				}),
			stats: (news) => this.#alive(() => events.stats(news)),
			error: (news) => this.#alive(() => events.error(news)),
		};
	}

	#workerFailed(worker: number, error: EasyRemoteError): void {
		this.#say(this.#node.workerFailed(worker, toWireError(error)));
	}

	#alive(act: () => void): void {
		if (!this.#killed) act();
	}

	#crashed(message: string): void {
		const error = new EasyRemoteError(
			"INTERNAL",
			`the node's Worker failed: ${message || "its script could not be loaded"}`,
		);
		this.#fail?.(error);
		if (!this.#killed) this.#events.ended(error);
	}

	/** Nobody waits for what is told to the Worker; where it cannot be told, it is gone. */
	#say(told: Promise<unknown>): void {
		told.catch(() => undefined);
	}
}
