import { openWebSocket, type WebSocketLike } from "@easyremote/shared/channel";
import {
	type EasyRemoteError,
	fromWireError,
	toWireError,
	type WireError,
} from "@easyremote/shared/errors";
import {
	createHost,
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
import { CallNews } from "./call-news.js";
import { CallStats, finishedCall } from "./call-stats.js";
import { ByteCounter } from "./byte-counter.js";
import { DonatedFunctions } from "./donor/donated-functions.js";
import { ModuleFunctions } from "./module-functions.js";
import { nodeDoor } from "./node-door.js";
import { PagePeerConnector } from "./page-peer-connector.js";
import type { ServedFunctions } from "./served-functions.js";
import type { CallStarted } from "./worker-executor.js";

/** How often the page is told of the node's figures, ms. */
const STATS_INTERVAL_MS = 250;
/** How long running calls may go on after `stop`, ms: a closing tab has no time to give. */
const DRAIN_MS = 0;

/** What runs while a node is started. */
interface Running {
	readonly page: PageApi;
	readonly news: CallNews;
	readonly served: ServedFunctions;
	readonly peers: PagePeerConnector;
	readonly host: Host;
	readonly node: ServedNode;
}

/** One tab node's life in its Worker. */
export class NodeService implements NodeWorkerApi {
	readonly #stats = new CallStats();
	readonly #bytes = { direct: new ByteCounter(), relay: new ByteCounter() };
	readonly #instance = crypto.randomUUID();
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
		const { node, news, served, peers } = this.#running;
		await node?.close({ drainTimeoutMs: DRAIN_MS });
		news?.flush();
		served?.close();
		peers?.closeAll();
	}

	pause(paused: boolean): void {
		this.#running.served?.pause?.(paused);
	}

	setDutyCycle(share: number): void {
		this.#running.served?.setDutyCycle?.(share);
	}

	workerFailed(worker: number, error: WireError): void {
		this.#running.served?.workerFailed(worker, fromWireError(error));
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
		const news = new CallNews((calls) => page.calls(calls), systemClock);
		const served = this.#served(options, page, news);
		this.#running = { page, news, served };
		await served.start();
		const host = createHost({
			nodeId: options.id,
			table: served.table,
			limits: {
				maxConcurrent: options.maxConcurrent,
				...(options.maxQueue === undefined
					? {}
					: { maxQueue: options.maxQueue }),
			},
			executorFor: () => served.executor,
			observe: (report) => {
				this.#stats.add(report);
				news.add(finishedCall(report));
			},
		});
		const peers = new PagePeerConnector(page, this.#bytes.direct);
		page.state("connecting", undefined);
		const link = this.#link(options, host, served);
		// For as long as this Worker lives.
		watchConnection(globalThis, () => link.networkChanged());
		link.listen({
			control: (message) => served.control?.(message),
			state: (state) => {
				const id = link.welcome?.connectionId;
				if (state === "online" && id !== undefined) page.connected(id);
			},
		});
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

	#served(options: NodeStart, page: PageApi, news: CallNews): ServedFunctions {
		const started: CallStarted = ({ name }, { id, caller }) =>
			news.add({
				id,
				function: name,
				caller: caller.subject,
				outcome: "running",
			});
		const { donor } = options;
		if (!donor) return new ModuleFunctions(options, page, started);
		const instance = this.#instance;
		return new DonatedFunctions({
			...{ start: options, donor, instance, page, started },
		});
	}

	#link(
		options: NodeStart,
		host: Host,
		served: ServedFunctions,
	): ReturnType<typeof gatewayLink> {
		return gatewayLink({
			url: nodeDoor(options.gateway, options.id),
			openSocket: async (url, signal) => {
				await served.connecting?.();
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
				instance: this.#instance,
				nodeId: options.id,
				node: {
					...served.profile(),
					direct: options.direct,
					load: host.load,
				},
			}),
			load: () => host.load,
			news: () => ({
				paths: this.#running.node?.paths,
				stats: host.stats.take(),
			}),
			clock: systemClock,
			random: Math.random,
		});
	}

	#tellState(state: ServedNodeState, error: EasyRemoteError | undefined): void {
		this.#running.page?.state(pageState(state), error && toWireError(error));
		if (state === "closed") this.#running.served?.close();
	}

	#tellStats(): void {
		const { page, host, node, peers } = this.#running;
		if (!page || !host || !node || !peers || node.state === "closed") return;
		const { open, candidate } = peers.paths;
		page.stats({
			callsDone: this.#stats.callsDone,
			callsFailed: this.#stats.callsFailed,
			cpuSeconds: this.#stats.cpuSeconds,
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
