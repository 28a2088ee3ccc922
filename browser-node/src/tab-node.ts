import { EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { FunctionSource } from "./browser-node.js";
import type {
	BrowserNodeState,
	BrowserNodeStats,
	DonatedBundle,
} from "./node-facts.js";
import {
	BrowserNodeCallEvent,
	BrowserNodeErrorEvent,
	type BrowserNodeEventMap,
	BrowserNodeStateEvent,
} from "./browser-node-events.js";
import { PageSide } from "./page/page-side.js";
import type { NodeStart } from "./ports/page-port.js";

/** How long a node may take to say goodbye before its Workers are ended all the same, ms. */
const GOODBYE_MS = 400;

const NO_STATS: BrowserNodeStats = {
	callsDone: 0,
	callsFailed: 0,
	cpuSeconds: 0,
	running: 0,
	queued: 0,
	sessions: { direct: 0, relay: 0 },
	bytes: { direct: { sent: 0, received: 0 }, relay: { sent: 0, received: 0 } },
};

export interface TabNodeOptions {
	/** Where the functions come from; a donor has none of its own. */
	readonly source: FunctionSource | undefined;
	/** What to start with, asked at each start. */
	readonly settle: () => Promise<NodeStart>;
	readonly bundles?: (bundles: readonly DonatedBundle[]) => void;
	/** The page is left: what the gateway knows the node's present connection by, where there is one. */
	readonly leaving?: (connectionId: string) => void;
}

/** One tab node, from its page's point of view: what it is, and how it is started and stopped. */
export class TabNode {
	/** Where its events are dispatched. */
	readonly events = new EventTarget();
	readonly #options: TabNodeOptions;
	#id: string | undefined;
	#state: BrowserNodeState = "stopped";
	#functions: readonly FunctionDescriptor[] = [];
	#stats = NO_STATS;
	#page: PageSide | undefined;
	#connectionId: string | undefined;

	/** @param id the node id, where it is known before the first start */
	constructor(options: TabNodeOptions, id: string | undefined) {
		this.#options = options;
		this.#id = id;
	}

	get id(): string | undefined {
		return this.#id;
	}

	get state(): BrowserNodeState {
		return this.#state;
	}

	get functions(): readonly FunctionDescriptor[] {
		return this.#functions;
	}

	get stats(): BrowserNodeStats {
		return this.#stats;
	}

	/** The page's part of it; undefined while it is stopped. */
	get page(): PageSide | undefined {
		return this.#page;
	}

	async start(): Promise<void> {
		if (this.#page)
			throw new EasyRemoteError(
				"ALREADY_EXISTS",
				"this node has been started already",
			);
		const page = this.#createPage();
		this.#page = page;
		this.#stats = NO_STATS;
		this.#setState("starting");
		addEventListener("pagehide", this.#leave);
		try {
			const start = await this.#options.settle();
			this.#id = start.id;
			await page.start(start);
		} catch (error) {
			if (this.#page === page) this.#end();
			throw error;
		}
	}

	async stop(): Promise<void> {
		const page = this.#page;
		if (!page) return;
		this.#setState("stopping");
		await page.stop(GOODBYE_MS);
		if (this.#page === page) this.#end();
	}

	addEventListener<T extends keyof BrowserNodeEventMap>(
		type: T,
		listener: (event: BrowserNodeEventMap[T]) => void,
		options?: boolean | AddEventListenerOptions,
	): void {
		// Each type is dispatched with the class that belongs to it, and with no other.
		this.events.addEventListener(type, listener as EventListener, options);
	}

	removeEventListener<T extends keyof BrowserNodeEventMap>(
		type: T,
		listener: (event: BrowserNodeEventMap[T]) => void,
	): void {
		this.events.removeEventListener(type, listener as EventListener);
	}

	#createPage(): PageSide {
		return new PageSide(this.#options.source, {
			functions: (functions) => {
				this.#functions = functions;
			},
			bundles: (bundles) => this.#options.bundles?.(bundles),
			connected: (id) => {
				this.#connectionId = id;
			},
			state: (state, error) => this.#told(state, error && fromWireError(error)),
			stats: (stats) => {
				this.#stats = stats;
			},
			call: (call) => {
				this.events.dispatchEvent(new BrowserNodeCallEvent(call));
			},
			error: (error) => {
				this.events.dispatchEvent(
					new BrowserNodeErrorEvent(fromWireError(error)),
				);
			},
			ended: (error) => this.#end(error),
		});
	}

	#told(state: BrowserNodeState, error: EasyRemoteError | undefined): void {
		// The end that was asked for is `stop`'s to make; any other is the gateway's refusal.
		if (state === "stopped" && this.#state !== "stopping") this.#end(error);
		else if (state !== "stopped") this.#setState(state, error);
	}

	/** The page is being left: connections close now, instead of being missed by their far ends for seconds. */
	readonly #leave = (): void => {
		if (this.#connectionId !== undefined)
			this.#options.leaving?.(this.#connectionId);
		this.#end();
	};

	#end(error?: EasyRemoteError): void {
		removeEventListener("pagehide", this.#leave);
		const page = this.#page;
		this.#page = undefined;
		this.#connectionId = undefined;
		page?.kill(error);
		this.#functions = [];
		this.#stats = {
			...this.#stats,
			running: 0,
			queued: 0,
			sessions: NO_STATS.sessions,
		};
		this.#setState("stopped", error);
	}

	#setState(state: BrowserNodeState, error?: EasyRemoteError): void {
		if (state === this.#state && error === undefined) return;
		this.#state = state;
		this.events.dispatchEvent(new BrowserNodeStateEvent(state, error));
	}
}

/** Leaves one core to the person in front of the machine. */
export function coresToLend(): number {
	return Math.max(1, navigator.hardwareConcurrency - 1);
}
