import { TaskScope } from "@easyremote/shared/async";
import {
	argumentCheck,
	Caller,
	type CallRequest,
	type Call,
	checkNodeId,
	functionHandle,
	type LiveRoute,
	type MapRequest,
	moduleHandle,
	parseReference,
	type RemoteFunction,
	type RemoteModule,
	SessionPool,
	settleOptions,
	type SpawnedJob,
} from "@easyremote/shared/caller";
import { EasyRemoteError, loadCode } from "@easyremote/shared/errors";
import { whyNotDirect } from "@easyremote/shared/peer";
import {
	gatewayLink,
	type Link,
	type LinkState,
} from "@easyremote/shared/link";
import { PROTOCOL_VERSION, type Provider } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import type { ClientEventMap, ClientRouteChange } from "./client-events.js";
import type { ClientSettings } from "./client-options.js";
import { DirectPaths } from "./link/direct-paths.js";
import { LinkOpener } from "./link/link-opener.js";
import { LinkRoutes } from "./link/link-routes.js";
import { reachGateway } from "./link/reach-gateway.js";
import {
	type FunctionInfo,
	listFunctions,
	listNodes,
	type NodeInfo,
} from "./listing.js";
import { httpDoor } from "./gateway-url.js";
import { Job } from "./jobs/job.js";
import type { JobDesk } from "./jobs/job-desk.js";
import type { JobInfo } from "./jobs/job-info.js";
import type { Platform } from "./platform.js";
import { randomId } from "./random-id.js";

/** What a client takes from its surroundings. */
export interface ClientSurroundings {
	readonly platform: Platform;
	readonly clock: Clock;
	/** A number in [0, 1), not for secrets. */
	readonly random: () => number;
	/** How jobs are reached; the platform's own unless given. */
	readonly fetch?: typeof fetch;
}

/** Any function, as far as its type matters. */
type AnyFunction = (...args: never[]) => unknown;

/** A function of which nothing is known. */
type UnknownFunction = (...args: unknown[]) => unknown;

/**
 * A program's way to functions on other machines. Made by `createClient`.
 *
 * Events: `state` (the connection to the gateway), `route` (providers of a function, or the way to a node,
 * have changed).
 */
export class Client extends EventTarget {
	readonly #settings: ClientSettings;
	readonly #clock: Clock;
	readonly #link: Link;
	readonly #routes: LinkRoutes;
	readonly #opener: LinkOpener;
	readonly #pool: SessionPool;
	readonly #caller: Caller;
	readonly #jobs: () => Promise<JobDesk>;
	/** What goes on beside calls. */
	readonly #tasks = new TaskScope();
	/** Between two connections nothing else would keep the process alive for its calls. */
	readonly #letGo: () => void;
	readonly #stopWatching: () => void;
	#closing: Promise<void> | undefined;

	constructor(settings: ClientSettings, surroundings: ClientSurroundings) {
		super();
		const { platform, clock, random } = surroundings;
		const instance = randomId();
		this.#settings = settings;
		this.#letGo = platform.holdOpen(() => void this.close());
		this.#clock = clock;
		this.#link = gatewayLink({
			url: settings.door,
			openSocket: (url, signal) => platform.openSocket(url, signal),
			hello: () => ({
				version: PROTOCOL_VERSION,
				role: "client",
				agent: platform.agent,
				instance,
				credential: settings.credential,
			}),
			clock,
			random,
			reconnect: settings.reconnect,
		});
		this.#link.listen({
			state: (state, error) => this.#tell("state", { state, error }),
		});
		this.#routes = new LinkRoutes(this.#link, clock, (route) =>
			this.#providersChanged(route),
		);
		const { rtc, iceTransportPolicy } = settings;
		const paths =
			rtc !== false &&
			new DirectPaths({
				rtc,
				link: this.#link,
				iceTransportPolicy,
				clock,
				random,
				onChange: (nodeId) => this.#pathsChanged(nodeId),
			});
		this.#opener = new LinkOpener(
			this.#link,
			clock,
			paths ? (...session) => paths.open(...session) : undefined,
		);
		this.#pool = new SessionPool({
			opener: this.#opener,
			clock,
			random,
			randomId,
			pathsChanged: (nodeId) => this.#pathsChanged(nodeId),
		});
		this.#stopWatching = platform.watchNetwork(() => {
			this.#link.networkChanged();
			this.#pool.networkChanged();
		});
		this.#caller = new Caller({
			routes: this.#routes,
			sessions: this.#pool,
			defaults: settings.defaults,
			clock,
			random,
			verdict: (verdict) => this.#link.send("verdict", verdict),
		});
		const jobs = {
			url: httpDoor(settings.gateway),
			credential: settings.credential,
			patient: settings.defaults.retries > 0,
			// Not a method of this object: browsers insist on that.
			fetch:
				surroundings.fetch ??
				((...request: Parameters<typeof fetch>) => fetch(...request)),
			clock,
			random,
			tasks: this.#tasks,
		};
		let desk: JobDesk | undefined;
		this.#jobs = async () => {
			const { openJobDesk } = await loadCode(
				"jobs",
				() => import("./jobs/job-desk.js"),
			);
			desk ??= openJobDesk(jobs);
			return desk;
		};
	}

	/** Of the connection to the gateway. */
	get state(): LinkState {
		return this.#link.state;
	}

	/** The gateway, as given. */
	get gateway(): string {
		return this.#settings.gateway;
	}

	/**
	 * One function: "node.function", or "function" at any node that offers it. Given the function itself as well, its schemas
	 * check arguments before a call leaves. Throws INVALID_ARGUMENT.
	 *
	 * @example
	 * const add = client.remote<typeof Gpu.add>("gpu-1.add");
	 */
	remote<F extends AnyFunction = UnknownFunction>(
		reference: string,
		contract?: F,
	): RemoteFunction<F> {
		const target = parseReference(reference);
		const check = argumentCheck(target.function, contract);
		const handle = functionHandle(target, this, { check });
		return handle as unknown as RemoteFunction<F>;
	}

	/**
	 * The functions of one node. Given their module as well, its schemas check arguments before a call leaves; the node
	 * checks them in any case. Throws INVALID_ARGUMENT.
	 *
	 * @example
	 * const gpu = client.node<typeof Gpu>("gpu-1"); // its type only
	 * const checked = client.node("gpu-1", functions); // with `import * as functions`
	 * await gpu.add(1, 2);
	 */
	node<M extends object = Record<string, UnknownFunction>>(
		nodeId: string,
		contract?: M,
	): RemoteModule<M> {
		const place = { node: checkNodeId(nodeId) };
		return moduleHandle(place, this, contract) as RemoteModule<M>;
	}

	/** Functions at any node that offers them; with `tags`, at any node that has all of those. `contract` as for `node`. */
	any<M extends object = Record<string, UnknownFunction>>(
		place: { readonly tags?: readonly string[] } = {},
		contract?: M,
	): RemoteModule<M> {
		const tags =
			place.tags && place.tags.length > 0 ? [...place.tags] : undefined;
		return moduleHandle(
			tags ? { tags } : {},
			this,
			contract,
		) as RemoteModule<M>;
	}

	/** Makes one call with everything that can be said about it; what the handles are made of. */
	call<T = unknown>(request: CallRequest): Call<T> {
		return this.#caller.start<T>(request);
	}

	/** Calls a function once for each input; what `.map()` of the handles is made of. Throws INVALID_ARGUMENT. */
	map(request: MapRequest): AsyncIterableIterator<unknown> {
		return this.#caller.map(request);
	}

	/**
	 * Starts a job, a call that outlives this process; what `.spawn()` of the handles is made of. Rejects with
	 * INVALID_ARGUMENT, UNAVAILABLE, or the gateway's refusal.
	 */
	async spawn(request: CallRequest): Promise<SpawnedJob> {
		settleOptions(request.options, this.#settings.defaults);
		if ("args" in request.input) await request.check?.(request.input.args);
		const { id } = await (await this.#jobs()).spawn(request);
		return { id };
	}

	/**
	 * A job that was started here or elsewhere, with the same credential; asks nothing yet. Throws INVALID_ARGUMENT.
	 *
	 * @example
	 * const model = await client.job<Model>(id).result({ timeout: "1h" });
	 */
	job<T = unknown>(id: string): Job<T> {
		return new Job<T>(id, this.#jobs);
	}

	/** One's own jobs, newest first. Rejects as `spawn` does. */
	async jobs(
		options: { readonly limit?: number } = {},
	): Promise<readonly JobInfo[]> {
		return (await this.#jobs()).list(options.limit);
	}

	/** What may be called. Rejects with UNAVAILABLE, or the gateway's refusal. */
	async functions(): Promise<readonly FunctionInfo[]> {
		return listFunctions(await this.#list("functions"));
	}

	/** Who may be called. Rejects as `functions` does. */
	async nodes(): Promise<readonly NodeInfo[]> {
		return listNodes(await this.#list("nodes"));
	}

	/** Ends calls still running with CANCELLED and disconnects. The client cannot be used again. */
	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	override addEventListener<K extends keyof ClientEventMap>(
		type: K,
		listener: ((event: ClientEventMap[K]) => void) | null,
		options?: boolean | AddEventListenerOptions,
	): void;
	override addEventListener(
		type: string,
		listener: EventListenerOrEventListenerObject | null,
		options?: boolean | AddEventListenerOptions,
	): void;
	override addEventListener(
		type: string,
		listener: unknown,
		options?: boolean | AddEventListenerOptions,
	): void {
		super.addEventListener(type, listener as EventListener | null, options);
	}

	#list(what: "functions" | "nodes"): Promise<readonly Provider[]> {
		return this.#tasks.run(async (signal) => {
			await reachGateway(this.#link, this.#clock, signal);
			const answer = await this.#link.request("list", { what }, "listing", {
				signal,
			});
			return answer.items;
		});
	}

	async #close(): Promise<void> {
		const reason = new EasyRemoteError("CANCELLED", "the client was closed");
		this.#tasks.abort(reason);
		this.#stopWatching();
		this.#pool.close(reason);
		this.#routes.close(reason);
		this.#opener.close();
		this.#caller.close();
		await this.#link.close();
		this.#letGo();
	}

	#providersChanged({ query, providers, error }: LiveRoute): void {
		this.#tell("route", { kind: "providers", query, providers, error });
	}

	#pathsChanged(nodeId: string): void {
		const known = this.#pool.sessions.get(nodeId);
		const paths = known?.session.paths ?? {};
		const path = paths.direct ?? paths.relay;
		const report = known?.direct.report;
		const change: ClientRouteChange = {
			kind: "path",
			nodeId,
			transport: path?.kind,
			path,
			reason: report?.reason === undefined ? undefined : whyNotDirect(report),
			report,
		};
		this.#tell("route", change);
	}

	#tell<K extends keyof ClientEventMap>(
		type: K,
		detail: ClientEventMap[K]["detail"],
	): void {
		this.dispatchEvent(new CustomEvent(type, { detail }));
	}
}
