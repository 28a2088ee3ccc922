import { networkInterfaces } from "node:os";
import { deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { simplePeerConnector } from "@easyremote/shared/peer";
import {
	createHost,
	FunctionTable,
	type Host,
	type HostLog,
	inlineExecutor,
	ServedNode,
} from "@easyremote/shared/host";
import { watchAddresses } from "@easyremote/shared/link";
import { WorkerExecutor } from "../executors/worker-executor.js";
import { Registrar } from "../register/registrar.js";
import { ResourceMonitor } from "../resources/resource-monitor.js";
import { TracedExecutor } from "../trace/traced-executor.js";
import type { ListenerOptions, Node } from "./node.js";
import {
	NodeCallEvent,
	NodeErrorEvent,
	type NodeEventMap,
	type NodeState,
	NodeStateEvent,
} from "./node-events.js";
import { checkNodeId, defaultNodeId } from "./node-id.js";
import { nodeLink } from "./node-link.js";
import { defaultLog } from "./node-log.js";
import { NodePlugins } from "./node-plugins.js";
import {
	type NodeOptions,
	type NodeSettings,
	nodeSettings,
} from "./node-options.js";
import { hasFastMasking } from "./open-socket.js";

/** The longest pause that a timer takes, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a node; `serve` starts it. Throws INVALID_ARGUMENT that names an unknown or invalid option.
 *
 * @example
 * const node = createNode({ gateway: "http://localhost:8080" });
 * node.register({ add: (a: number, b: number) => a + b });
 * await node.serve();
 */
export function createNode(options: NodeOptions = {}): Node {
	return new ComputeNode(nodeSettings(options, process.env));
}

class ComputeNode implements Node {
	readonly id: string;
	readonly #settings: NodeSettings;
	readonly #log: HostLog;
	readonly #table = new FunctionTable();
	readonly #registrar = new Registrar(this.#table);
	readonly #monitor: ResourceMonitor;
	readonly #workers: WorkerExecutor;
	readonly #plugins: NodePlugins;
	readonly #host: Host;
	readonly #events = new EventTarget();
	readonly #closed = deferred<EasyRemoteError | undefined>();
	#state: NodeState = "idle";
	#served: ServedNode | undefined;
	#serving: Promise<void> | undefined;
	#closing: Promise<void> | undefined;
	#keepAlive: NodeJS.Timeout | undefined;
	#stopWatching: () => void = () => undefined;
	/** What was last logged of why the gateway is out of reach. */
	#outage: string | undefined;
	/** Events cost more than small calls do, so they are made only for those who listen. */
	#callsAreWatched = false;

	constructor(settings: NodeSettings) {
		this.#settings = settings;
		this.id = checkNodeId(settings.id ?? defaultNodeId());
		this.#log =
			settings.log ?? defaultLog(process.env["EASYREMOTE_LOG"], this.id);
		this.#monitor = new ResourceMonitor(settings);
		this.#workers = new WorkerExecutor({
			maxThreads: settings.maxConcurrent,
			sourceOf: this.#registrar.sourceOf,
			onCrash: (error) =>
				this.#log.warn(`a worker thread ended: ${error.message}`),
		});
		const inline = new TracedExecutor(inlineExecutor, this.id);
		const workers = new TracedExecutor(this.#workers, this.id);
		this.#plugins = new NodePlugins(
			settings.plugins,
			{ nodeId: this.id, tags: settings.tags },
			this.#log,
		);
		this.#host = createHost({
			nodeId: this.id,
			table: this.#table,
			limits: {
				maxConcurrent: settings.maxConcurrent,
				maxQueue: settings.maxQueue,
			},
			requestTimeoutMs: settings.requestTimeoutMs,
			streaming: settings.streaming,
			caching: settings.caching,
			plugins: this.#plugins.hooks,
			exposeStacks: settings.exposeStacks,
			log: this.#log,
			executorFor: ({ options }) =>
				options.isolate === "worker" ? workers : inline,
			overloaded: () => this.#monitor.overloaded(),
			observe: (call) => {
				if (this.#callsAreWatched)
					this.#events.dispatchEvent(new NodeCallEvent(call));
			},
		});
	}

	get state(): NodeState {
		return this.#state;
	}

	get register(): Registrar["register"] {
		return this.#registrar.register;
	}

	async reload(): Promise<readonly string[]> {
		const names = await this.#registrar.reload();
		this.#workers.renew();
		return names;
	}

	get closed(): Promise<EasyRemoteError | undefined> {
		return this.#closed.promise;
	}

	serve(): Promise<void> {
		this.#serving ??= this.#serve();
		return this.#serving;
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	addEventListener<T extends keyof NodeEventMap>(
		type: T,
		listener: (event: NodeEventMap[T]) => void,
		options?: ListenerOptions,
	): void {
		if (type === "call") this.#callsAreWatched = true;
		this.#events.addEventListener(
			type,
			listener as (event: Event) => void,
			options,
		);
	}

	removeEventListener<T extends keyof NodeEventMap>(
		type: T,
		listener: (event: NodeEventMap[T]) => void,
	): void {
		this.#events.removeEventListener(type, listener as (event: Event) => void);
	}

	async #serve(): Promise<void> {
		await this.#registrar.loaded();
		await this.#monitor.start();
		if (this.#closing) throw closedBefore();
		if (!hasFastMasking()) {
			this.#log.warn(
				"bufferutil is not installed: large messages will cost three to four times the CPU",
			);
		}
		// While there is no connection nothing else would keep the process alive.
		this.#keepAlive = setInterval(() => undefined, LONGEST_TIMER_MS);
		const { direct, rtc, iceTransportPolicy, maxPeerConnections } =
			this.#settings;
		this.#enter("connecting", undefined);
		const link = nodeLink({
			settings: this.#settings,
			nodeId: this.id,
			host: this.#host,
			monitor: this.#monitor,
			paths: () => this.#served?.paths,
		});
		this.#stopWatching = watchAddresses({
			interfaces: networkInterfaces,
			changed: () => link.networkChanged(),
		});
		this.#served = new ServedNode({
			link,
			host: this.#host,
			direct: direct
				? {
						iceTransportPolicy,
						maxConnections: maxPeerConnections,
						connector: simplePeerConnector({
							rtc,
							onUnavailable: ({ message, hint }) =>
								this.#log.warn(message, { hint }),
						}),
					}
				: undefined,
			events: {
				state: (state, error) => {
					if (state === "closed") void this.#end(error);
					else this.#enter(state, error);
				},
				error: (error) => {
					this.#log.error(error.message, {
						code: error.code,
						hint: error.hint,
					});
					this.#events.dispatchEvent(new NodeErrorEvent(error));
				},
			},
		});
		await this.#served.registered;
	}

	async #close(): Promise<void> {
		if (this.#served)
			await this.#served.close({
				drainTimeoutMs: this.#settings.drainTimeoutMs,
			});
		else await this.#end(undefined);
		await this.#closed.promise;
	}

	/** Frees what the node holds. Never rejects. */
	async #end(error: EasyRemoteError | undefined): Promise<void> {
		clearInterval(this.#keepAlive);
		this.#stopWatching();
		this.#monitor.stop();
		await this.#workers.close();
		this.#enter("closed", error);
		await this.#plugins.close();
		this.#closed.resolve(error);
	}

	#enter(state: NodeState, error: EasyRemoteError | undefined): void {
		if (this.#state === state) return;
		this.#state = state;
		this.#plugins.entered(state);
		this.#logState(state, error);
		this.#events.dispatchEvent(new NodeStateEvent(state, error));
	}

	#logState(state: NodeState, error: EasyRemoteError | undefined): void {
		if (state === "online") {
			const again = this.#outage !== undefined;
			this.#outage = undefined;
			if (again)
				this.#log.info("connected again", { gateway: this.#settings.gateway });
		} else if (error) {
			// An outage is one event to an operator, however many attempts it takes to end it.
			if (state === "waiting" && this.#outage === error.message) return;
			this.#outage = error.message;
			this.#log.warn(`${state}: ${error.message}`, {
				code: error.code,
				hint: error.hint,
			});
		}
	}
}

function closedBefore(): EasyRemoteError {
	return new EasyRemoteError(
		"CANCELLED",
		"the node was closed before it could serve",
	);
}
