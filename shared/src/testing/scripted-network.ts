import { deferred } from "../async/deferred.js";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Provider } from "../protocol/provider.js";
import type { Session } from "../session/session.js";
import { ManualClock } from "../time/manual-clock.js";
import { Caller } from "../caller/caller.js";
import type { Verdict } from "../caller/verify/verdict.js";
import type { CallDefaults } from "../caller/call-options.js";
import { LiveRoute } from "../caller/live-route.js";
import type { Route, RouteSource } from "../caller/route-source.js";
import type {
	DirectPath,
	OpenedRelay,
	OpenRequest,
	RelayAnswer,
	SessionOpener,
} from "../caller/session-opener.js";
import { SessionPool } from "../caller/session-pool.js";
import type { ScriptedNode } from "./scripted-node.js";

/** Nodes, routes and sessions without a gateway: everything a caller talks to, moved by hand. */
export class ScriptedNetwork implements RouteSource, SessionOpener {
	readonly clock = new ManualClock();
	readonly nodes: ScriptedNode[];
	readonly pool: SessionPool;
	readonly caller: Caller;
	/** What the caller has found of donors' results. */
	readonly verdicts: Verdict[] = [];
	restarting = false;
	/** Makes the direct side of sessions, where a test has one. */
	direct?: (session: Session) => DirectPath;
	/** Answers instead of the nodes, where set. */
	routeError: EasyRemoteError | undefined;
	readonly #routes = new Map<string, LiveRoute>();
	#ids = 0;

	constructor(
		nodes: readonly ScriptedNode[],
		options: {
			readonly defaults?: Partial<CallDefaults>;
			readonly random?: () => number;
			readonly direct?: (session: Session) => DirectPath;
		} = {},
	) {
		const { random = () => 0.5 } = options;
		if (options.direct) this.direct = options.direct;
		this.nodes = [...nodes];
		this.pool = new SessionPool({
			opener: this,
			clock: this.clock,
			random,
			randomId: () => `session_${(this.#ids += 1)}`,
		});
		this.caller = new Caller({
			routes: this,
			sessions: this.pool,
			clock: this.clock,
			random,
			defaults: options.defaults ?? {},
			verdict: (verdict) => this.verdicts.push(verdict),
		});
	}

	peek(query: { readonly function?: string | undefined }): Route | undefined {
		const route = this.#routes.get(query.function ?? "");
		return route?.doubted ? undefined : route;
	}

	async resolve(query: {
		readonly function?: string | undefined;
	}): Promise<Route> {
		if (this.routeError) throw this.routeError;
		const name = query.function ?? "";
		const route = this.#routes.get(name) ?? new LiveRoute({ function: name });
		this.#update(route, name);
		this.#routes.set(name, route);
		return route;
	}

	/** A node comes online. */
	join(node: ScriptedNode): void {
		this.nodes.push(node);
		this.#tellRoutes();
	}

	/** A node dies: its paths break, and it is offered no more. */
	leave(node: ScriptedNode): void {
		this.nodes.splice(this.nodes.indexOf(node), 1);
		node.cut();
		this.#tellRoutes();
	}

	async open(request: OpenRequest): Promise<OpenedRelay> {
		const node = this.nodes.find(({ id }) => id === request.nodeId);
		if (!node) throw new EasyRemoteError("NOT_FOUND", "no such node");
		node.opens.push(request);
		const [near, far] = memoryChannelPair();
		const answer = deferred<RelayAnswer>();
		if (node.refusal) {
			answer.resolve({ kind: "refused", error: node.refusal });
		} else {
			node.channels.push(far);
			node.session(request.sessionId, this.clock).addPath("relay", far);
			answer.resolve({ kind: "taken", direct: node.acceptsDirect });
		}
		return {
			channel: near,
			answer: answer.promise,
			close: () => near.close(),
		};
	}

	#providersOf(name: string): readonly Provider[] {
		return this.nodes
			.filter((node) => node.scripts.has(name))
			.map((node) => node.provider());
	}

	#tellRoutes(): void {
		for (const [name, route] of this.#routes) this.#update(route, name);
	}

	#update(route: LiveRoute, name: string): void {
		const providers = this.#providersOf(name);
		route.update({ providers, strategy: "round_robin", error: undefined });
	}

	/** Ends everything, and says how many timers were left behind. */
	close(): number {
		this.pool.close();
		this.caller.close();
		for (const node of this.nodes)
			for (const session of node.sessions.values()) session.close();
		return this.clock.pending;
	}
}
