import { openWebSocket, type WebSocketLike } from "@easyremote/shared/channel";
import {
	type EasyRemoteError,
	fromWireError,
	toWireError,
	type WireError,
} from "@easyremote/shared/errors";
import {
	createHost,
	FunctionTable,
	type Host,
	ServedNode,
	type ServedNodeState,
} from "@easyremote/shared/host";
import { gatewayLink, watchConnection } from "@easyremote/shared/link";
import type { AttemptFacts, PeerSignal } from "@easyremote/shared/peer";
import { PROTOCOL_VERSION } from "@easyremote/shared/protocol";
import { systemClock } from "@easyremote/shared/time";
import type { BrowserNodeState } from "../node-facts.js";
import type {
	NodeStart,
	NodeStarted,
	NodeWorkerApi,
	PageApi,
} from "../ports/page-port.js";
import { BridgedChannel } from "./bridged-channel.js";
import { CallStats, finishedCall } from "./call-stats.js";
import { ByteCounter } from "./counted-channel.js";
import { describedEntry } from "./described-entry.js";
import { nodeDoor } from "./node-door.js";
import { PagePeerConnector } from "./page-peer-connector.js";
import { PageWorkers } from "./page-workers.js";
import { SandboxedWorkers } from "./sandboxed-workers.js";
import { WorkerExecutor } from "./worker-executor.js";
import { WorkerPool } from "./worker-pool.js";

/** How often the page is told of the node's figures, ms. */
const STATS_INTERVAL_MS = 250;
/** How long running calls may go on after `stop`, ms: a closing tab has no time to give. */
const DRAIN_MS = 0;

/** What runs while a node is started. */
interface Running {
	readonly page: PageApi;
	readonly workers: PageWorkers;
	readonly sandboxed: SandboxedWorkers;
	readonly peers: PagePeerConnector;
	readonly pool: WorkerPool;
	readonly host: Host;
	readonly node: ServedNode;
}

/** One tab node's life in its Worker. */
export class NodeService implements NodeWorkerApi {
	readonly #stats = new CallStats();
	readonly #bytes = { direct: new ByteCounter(), relay: new ByteCounter() };
	#running: Partial<Running> = {};

	async start(options: NodeStart, page: PageApi): Promise<NodeStarted> {
		try {
			await this.#start(options, page);
			return {};
		} catch (error) {
			return { error: toWireError(error) };
		}
	}

	async stop(): Promise<void> {
		const { node, pool, peers } = this.#running;
		await node?.close({ drainTimeoutMs: DRAIN_MS });
		pool?.close();
		peers?.closeAll();
	}

	functionWorkerFailed(worker: number, message: string): void {
		this.#running.workers?.failed(worker, message);
	}

	sandboxedWorkerFailed(worker: number, error: WireError): void {
		this.#running.sandboxed?.failed(worker, fromWireError(error));
	}

	peerChannel(attempt: number, channel: RTCDataChannel | MessagePort): void {
		this.#running.peers?.channel(
			attempt,
			channel instanceof MessagePort ? new BridgedChannel(channel) : channel,
		);
	}

	peerSignal(attempt: number, signal: PeerSignal): void {
		this.#running.peers?.signal(attempt, signal);
	}

	peerOpened(attempt: number, candidate: string, facts: AttemptFacts): void {
		this.#running.peers?.opened(attempt, candidate, facts);
	}

	peerFailed(
		attempt: number,
		error: WireError,
		facts: AttemptFacts | undefined,
	): void {
		this.#running.peers?.failed(attempt, fromWireError(error), facts);
	}

	async #start(options: NodeStart, page: PageApi): Promise<void> {
		const workers = new PageWorkers(page);
		const pool = new WorkerPool({
			size: options.maxConcurrent,
			spawn: workers.spawn,
			clock: systemClock,
		});
		const sandboxed = new SandboxedWorkers(page, systemClock);
		this.#running = { page, workers, sandboxed, pool };
		const functions = await pool.start();
		page.functions(functions);

		const table = new FunctionTable();
		table.add(functions.map(describedEntry));
		const executor = new WorkerExecutor(pool, (entry, call) => {
			page.call({
				id: call.id,
				function: entry.name,
				caller: call.caller.subject,
				outcome: "running",
			});
		});
		const host = createHost({
			nodeId: options.id,
			table,
			limits: {
				maxConcurrent: options.maxConcurrent,
				...(options.maxQueue === undefined
					? {}
					: { maxQueue: options.maxQueue }),
			},
			executorFor: () => executor,
			observe: (report) => {
				this.#stats.add(report);
				page.call(finishedCall(report));
			},
		});
		const peers = new PagePeerConnector(page, this.#bytes.direct);
		page.state("connecting", undefined);
		const link = this.#link(options, host);
		// For as long as this Worker lives.
		watchConnection(globalThis, () => link.networkChanged());
		const node = new ServedNode({
			link,
			host,
			direct: options.direct
				? {
						connector: peers,
						iceTransportPolicy: options.iceTransportPolicy,
						maxConnections: options.maxPeerConnections,
					}
				: undefined,
			events: {
				state: (state, error) => this.#tellState(state, error),
				error: (error) => page.error(toWireError(error)),
			},
		});
		this.#running = { ...this.#running, host, peers, node };
		this.#tellStats();
		await node.registered;
	}

	#link(options: NodeStart, host: Host): ReturnType<typeof gatewayLink> {
		const instance = crypto.randomUUID();
		return gatewayLink({
			url: nodeDoor(options.gateway, options.id),
			openSocket: async (url, signal) => {
				// The DOM's types are stricter about buffers than its implementations.
				const create = (address: string) =>
					new WebSocket(address) as WebSocketLike;
				return this.#bytes.relay.count(
					await openWebSocket(create, url, signal),
				);
			},
			hello: () => ({
				version: PROTOCOL_VERSION,
				role: "node",
				agent: "easyremote-browser-node/0.1.0",
				credential: options.key,
				instance,
				nodeId: options.id,
				node: {
					kind: "tab",
					tags: [...options.tags],
					direct: options.direct,
					load: host.load,
					engine: navigator.userAgent.slice(0, 256),
				},
			}),
			load: () => ({
				load: host.load,
				paths: this.#running.node?.paths,
				stats: host.stats.take(),
			}),
			clock: systemClock,
			random: Math.random,
		});
	}

	#tellState(state: ServedNodeState, error: EasyRemoteError | undefined): void {
		this.#running.page?.state(pageState(state), error && toWireError(error));
		if (state === "closed") this.#running.pool?.close();
	}

	#tellStats(): void {
		const { page, host, node, peers } = this.#running;
		if (!page || !host || !node || !peers || node.state === "closed") return;
		const { open, candidate } = peers.paths;
		page.stats({
			callsDone: this.#stats.callsDone,
			callsFailed: this.#stats.callsFailed,
			running: host.load.running,
			queued: host.load.queued,
			sessions: { direct: open, relay: Math.max(0, node.sessionCount - open) },
			candidate,
			bytes: {
				direct: this.#bytes.direct.total,
				relay: this.#bytes.relay.total,
			},
		});
		systemClock.schedule(STATS_INTERVAL_MS, () => this.#tellStats());
	}
}

function pageState(state: ServedNodeState): BrowserNodeState {
	switch (state) {
		case "online":
			return "online";
		case "draining":
			return "stopping";
		case "closed":
			return "stopped";
		case "connecting":
		case "registering":
		case "waiting":
			return "connecting";
		default:
			return state satisfies never;
	}
}
