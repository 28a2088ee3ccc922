import type { Call } from "../caller/call.js";
import type { CallRequest } from "../caller/call-request.js";
import { CALL_DEFAULTS, Caller } from "../caller/caller.js";
import type { MapRequest } from "../caller/map/map-options.js";
import { checkNodeId, parseReference } from "../caller/reference.js";
import { functionHandle, moduleHandle } from "../caller/remote-handle.js";
import type { RemoteFunction, RemoteModule } from "../caller/remote-types.js";
import type { OpenedRelay, OpenRequest } from "../caller/session-opener.js";
import { SessionPool } from "../caller/session-pool.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ManualClock } from "../time/manual-clock.js";
import { TestNode } from "./test-node.js";
import { TestRoutes } from "./test-routes.js";

/** What `createTestNetwork` takes. */
export interface TestNetworkOptions {
	/** Modules of functions, by the id of the node that serves them. */
	readonly nodes: Readonly<Record<string, object>>;
}

type AnyFunction = (...args: never[]) => unknown;
type UnknownFunction = (...args: unknown[]) => unknown;

/** A network in memory: the caller, sessions, hosts and retries of a real one, without gateway, sockets and WebRTC. */
export interface TestNetwork {
	/** All time of the network: deadlines, retries and patience pass when it is advanced. */
	readonly clock: ManualClock;
	/** As `client.node`, `client.any` and `client.remote`. */
	node<M extends object = Record<string, UnknownFunction>>(
		nodeId: string,
	): RemoteModule<M>;
	any<M extends object = Record<string, UnknownFunction>>(): RemoteModule<M>;
	remote<F extends AnyFunction = UnknownFunction>(
		reference: string,
	): RemoteFunction<F>;
	/** A node comes online. Throws ALREADY_EXISTS. */
	join(nodeId: string, functions: object): void;
	/** Cuts a node off. It lives on: its functions run on, and callers hear of it if `heal` comes within 1.5 s. Throws NOT_FOUND. */
	partition(nodeId: string): void;
	/** Ends a partition. Throws NOT_FOUND. */
	heal(nodeId: string): void;
	/** A node dies in the middle of whatever it does. Throws NOT_FOUND. */
	kill(nodeId: string): void;
	/** Ends everything; calls under way fail with CANCELLED. */
	close(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a network for tests of programs that call remote functions, and of the functions themselves.
 *
 * @example
 * const network = createTestNetwork({ nodes: { "gpu-1": functions, "gpu-2": functions } });
 * const job = network.any<typeof functions>().train(10);
 * network.kill("gpu-1");
 * await network.clock.advance(60_000);
 */
export function createTestNetwork({ nodes }: TestNetworkOptions): TestNetwork {
	return new MemoryNetwork(nodes);
}

class MemoryNetwork implements TestNetwork {
	readonly clock = new ManualClock();
	readonly #nodes = new Map<string, TestNode>();
	readonly #routes: TestRoutes;
	readonly #pool: SessionPool;
	readonly #caller: Caller;
	#sessions = 0;

	constructor(nodes: Readonly<Record<string, object>>) {
		this.#routes = new TestRoutes(() => this.#nodes.values());
		for (const [id, functions] of Object.entries(nodes))
			this.join(id, functions);
		const { clock } = this;
		// Chance makes no difference between two runs of a test.
		const random = () => 0.5;
		this.#pool = new SessionPool({
			opener: {
				restarting: false,
				open: (request, signal) => this.#open(request, signal),
			},
			clock,
			random,
			randomId: () => `session_${(this.#sessions += 1)}`,
		});
		this.#caller = new Caller({
			routes: this.#routes,
			sessions: this.#pool,
			defaults: { ...CALL_DEFAULTS, transport: "relay" },
			clock,
			random,
		});
	}

	node<M extends object>(nodeId: string): RemoteModule<M> {
		return moduleHandle({ node: checkNodeId(nodeId) }, this) as RemoteModule<M>;
	}

	any<M extends object>(): RemoteModule<M> {
		return moduleHandle({}, this) as RemoteModule<M>;
	}

	remote<F extends AnyFunction>(reference: string): RemoteFunction<F> {
		const target = parseReference(reference);
		return functionHandle(target, this) as unknown as RemoteFunction<F>;
	}

	/** For handles. */
	call(request: CallRequest): Call<unknown> {
		return this.#caller.start(request);
	}

	/** For handles. */
	map(request: MapRequest): AsyncIterableIterator<unknown> {
		return this.#caller.map(request);
	}

	/** For handles: a network in memory has no gateway that could keep a job. */
	spawn({ target }: CallRequest): Promise<never> {
		return Promise.reject(
			new EasyRemoteError(
				"UNIMPLEMENTED",
				`a network in memory runs no jobs, so not ${target.function} either`,
				{ hint: "Call the function, or test jobs against createGateway()." },
			),
		);
	}

	join(nodeId: string, functions: object): void {
		if (this.#nodes.has(checkNodeId(nodeId)))
			throw new EasyRemoteError(
				"ALREADY_EXISTS",
				`there is a node "${nodeId}" already`,
			);
		this.#nodes.set(nodeId, new TestNode(nodeId, functions, this.clock));
		this.#routes.changed();
	}

	partition(nodeId: string): void {
		this.#find(nodeId).cut();
		this.#routes.changed();
	}

	heal(nodeId: string): void {
		this.#find(nodeId).heal();
		this.#routes.changed();
	}

	kill(nodeId: string): void {
		const node = this.#find(nodeId);
		this.#nodes.delete(nodeId);
		node.die();
		this.#routes.changed();
	}

	async close(): Promise<void> {
		this.#pool.close(
			new EasyRemoteError("CANCELLED", "the test network was closed"),
		);
		this.#caller.close();
		for (const node of this.#nodes.values()) node.die();
		this.#nodes.clear();
		// Whoever waits for a call hears of its end before this resolves.
		await this.clock.advance(0);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#find(nodeId: string): TestNode {
		const node = this.#nodes.get(nodeId);
		if (node) return node;
		throw new EasyRemoteError("NOT_FOUND", `there is no node "${nodeId}"`);
	}

	async #open(
		{ nodeId, sessionId }: OpenRequest,
		signal: AbortSignal,
	): Promise<OpenedRelay> {
		const node = this.#find(nodeId);
		await node.whenReachable(signal);
		const channel = node.connect(sessionId);
		return {
			channel,
			answer: Promise.resolve({ kind: "taken", direct: false }),
			close: () => {
				channel.close();
			},
		};
	}
}
