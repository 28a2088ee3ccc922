import { EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { BrowserNode, BrowserNodeOptions } from "./browser-node.js";
import type { BrowserNodeState, BrowserNodeStats } from "./node-facts.js";
import {
	BrowserNodeCallEvent,
	BrowserNodeErrorEvent,
	type BrowserNodeEventMap,
	BrowserNodeStateEvent,
} from "./browser-node-events.js";
import { PageSide } from "./page/page-side.js";
import { tabIdentity } from "./tab-identity.js";

/** How long a node may take to say goodbye before its Workers are ended all the same, ms. */
const GOODBYE_MS = 400;

const NO_STATS: BrowserNodeStats = {
	callsDone: 0,
	callsFailed: 0,
	running: 0,
	queued: 0,
	sessions: { direct: 0, relay: 0 },
	bytes: { direct: { sent: 0, received: 0 }, relay: { sent: 0, received: 0 } },
};

/**
 * Makes this tab a node: the functions of an ES module, run in Web Workers, become callable through the gateway.
 * Nothing runs before `start`. Sockets, sessions and functions live in Workers, so that a busy or hidden page does
 * not slow them; closing the page ends all of it.
 *
 * @example
 * const node = createBrowserNode({ gateway: "https://gw.example.com", module: "./functions.js" });
 * node.addEventListener("state", ({ state }) => console.log(state, node.id));
 * await node.start();
 */
export function createBrowserNode(options: BrowserNodeOptions): BrowserNode {
	return new TabNode(options);
}

class TabNode implements BrowserNode {
	readonly #events = new EventTarget();
	readonly #options: BrowserNodeOptions;
	#id: string | undefined;
	#state: BrowserNodeState = "stopped";
	#functions: readonly FunctionDescriptor[] = [];
	#stats = NO_STATS;
	#page: PageSide | undefined;

	constructor(options: BrowserNodeOptions) {
		this.#options = options;
		this.#id = options.id;
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
			this.#id ??= await tabIdentity();
			await page.start({
				gateway: new URL(this.#options.gateway, document.baseURI).href,
				key: this.#options.key,
				id: this.#id,
				maxConcurrent: this.#options.maxConcurrent ?? defaultConcurrency(),
				maxQueue: this.#options.maxQueue,
				direct:
					this.#options.direct !== false && "RTCPeerConnection" in globalThis,
				iceTransportPolicy: this.#options.iceTransportPolicy ?? "all",
				maxPeerConnections: this.#options.maxPeerConnections,
				tags: this.#options.tags ?? [],
			});
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
		this.#events.addEventListener(type, listener as EventListener, options);
	}

	removeEventListener<T extends keyof BrowserNodeEventMap>(
		type: T,
		listener: (event: BrowserNodeEventMap[T]) => void,
	): void {
		this.#events.removeEventListener(type, listener as EventListener);
	}

	#createPage(): PageSide {
		return new PageSide(this.#options.module, {
			functions: (functions) => {
				this.#functions = functions;
			},
			state: (state, error) => this.#told(state, error && fromWireError(error)),
			stats: (stats) => {
				this.#stats = stats;
			},
			call: (call) => {
				this.#events.dispatchEvent(new BrowserNodeCallEvent(call));
			},
			error: (error) => {
				this.#events.dispatchEvent(
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
		this.#end();
	};

	#end(error?: EasyRemoteError): void {
		removeEventListener("pagehide", this.#leave);
		const page = this.#page;
		this.#page = undefined;
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
		this.#events.dispatchEvent(new BrowserNodeStateEvent(state, error));
	}
}

/** Leaves one core to the person in front of the machine. */
function defaultConcurrency(): number {
	return Math.max(1, navigator.hardwareConcurrency - 1);
}
