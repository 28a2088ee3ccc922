import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	ControlPayload,
	FunctionDescriptor,
	Provider,
	RouteQuery,
} from "@easyremote/shared/protocol";
import {
	mayRegister,
	mayRegisterFunction,
	withoutVersion,
} from "@easyremote/shared/security";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import {
	DEVELOPER,
	isStrangeDonor,
	type Principal,
} from "../auth/principal.js";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import type { IdentityStore } from "../store/store.js";
import { acceptFunctions } from "./accept-functions.js";
import { checkFunctions, type FunctionLimits } from "./function-limits.js";
import { type Inventory, NOTHING_FOUND, type TrustOf } from "./inventory.js";
import { NodeEntry } from "./node-entry.js";
import {
	type HealthPatience,
	type NodeState,
	patienceFor,
} from "./node-health.js";
import type { NodeStatus } from "./node-status.js";
import { answerQuery, listVisible, statusOfVisible } from "./provider-query.js";
import {
	NOTHING_PUBLISHED,
	type PublishedFunctions,
} from "./published-functions.js";
import type {
	JoiningNode,
	ProviderAnswer,
	Registry,
	RegistryChange,
} from "./registry.js";
import { notOnline } from "./route-refusal.js";

/** How long nodes that are gone stay known, so that their callers hear UNAVAILABLE and not NOT_FOUND, ms. */
const REMEMBERED_MS = 10 * 60_000;
/** The same for donors, whose functions are known without them; late verdicts about them count until then, ms. */
const DONOR_REMEMBERED_MS = 60_000;
/** How often a gateway asks nodes for a sign of life unless told otherwise, ms. */
export const HEALTH_CHECK_INTERVAL_MS = 10_000;
/** Silent nodes are looked for so often in one interval … */
const SWEEPS_PER_INTERVAL = 5;
/** … and at least this often, ms. */
const LONGEST_SWEEP_MS = 1_000;

export interface MemoryRegistryOptions {
	/** Where node ids are bound to identities, durably. */
	readonly identities: IdentityStore;
	readonly clock: Clock;
	/** What one node can make us keep. */
	readonly limits?: FunctionLimits;
	/** How often nodes are asked for a heartbeat, ms: one that is silent for two is lost. */
	readonly healthCheckIntervalMs?: number;
	/** What donors may offer; absent, nothing. */
	readonly published?: PublishedFunctions;
	/** What donors are to a principal; absent, nothing is known of them. */
	readonly trustOf?: TrustOf;
	/** A connected node has been silent for too long: whatever it says on this connection comes too late. */
	readonly silent?: (nodeId: string, connectionId: string) => void;
}

/** The registry of a gateway that stands alone: kept in memory, since it is about connections to this process. */
export class MemoryRegistry implements Registry {
	readonly #options: MemoryRegistryOptions;
	readonly #nodes = new Map<string, NodeEntry>();
	/** The state each node was last announced with: time alone changes it. */
	readonly #announced = new Map<string, NodeState>();
	readonly #listeners = new Set<(change: RegistryChange) => void>();
	readonly #patience: HealthPatience;
	readonly #sweepMs: number;
	readonly #published: PublishedFunctions;
	readonly #stopListening: () => void;
	#cancelSweep: CancelTimer = () => undefined;

	constructor(options: MemoryRegistryOptions) {
		this.#options = options;
		const intervalMs =
			options.healthCheckIntervalMs ?? HEALTH_CHECK_INTERVAL_MS;
		this.#patience = patienceFor(intervalMs);
		this.#sweepMs = Math.min(
			intervalMs / SWEEPS_PER_INTERVAL,
			LONGEST_SWEEP_MS,
		);
		this.#published = options.published ?? NOTHING_PUBLISHED;
		this.#stopListening = this.#published.listen((names) =>
			this.#publishedChanged(names),
		);
		this.#planSweep();
	}

	async join(
		node: JoiningNode,
	): Promise<{ readonly replaced: string | undefined }> {
		const { nodeId, principal } = node;
		if (!mayRegister(principal.grants, nodeId))
			throw noNodeGrant(principal, nodeId);
		const { clock } = this.#options;
		const owner = await this.#ownerOf(node);
		if (owner !== principal.id) throw foreignNode(nodeId);
		const known = this.#nodes.get(nodeId);
		const replaced = known?.connectionId;
		if (known) known.reconnect(node, clock.monotonic());
		else
			this.#nodes.set(
				nodeId,
				new NodeEntry(nodeId, node, clock.monotonic(), this.#patience),
			);
		this.#changed(nodeId);
		return { replaced };
	}

	async leave(nodeId: string, connectionId: string): Promise<void> {
		const node = this.#present(nodeId, connectionId);
		node?.disconnect(this.#options.clock.monotonic());
		if (node) this.#changed(nodeId);
	}

	async register(
		nodeId: string,
		connectionId: string,
		functions: readonly FunctionDescriptor[],
		principal: Principal,
	): Promise<void> {
		const node = this.#present(nodeId, connectionId);
		if (!node) return;
		const refused = functions.find(
			({ name }) => !mayRegisterFunction(principal.grants, nodeId, name),
		);
		if (refused) throw noFunctionGrant(nodeId, refused.name);
		const { kind } = node.connection.profile;
		const accepted = acceptFunctions(kind, functions, this.#published);
		// A donor's are the publisher's own, which are there anyway.
		if (kind !== "donor")
			checkFunctions(node, accepted, this.#options.limits ?? DEFAULT_LIMITS);
		const before = [...node.functions.keys()];
		node.register(accepted);
		this.#changed(nodeId, before);
	}

	async unregister(
		nodeId: string,
		connectionId: string,
		names: readonly string[],
	): Promise<void> {
		const node = this.#present(nodeId, connectionId);
		node?.unregister(names);
		if (node) this.#changed(nodeId, names);
	}

	async heartbeat(
		nodeId: string,
		connectionId: string,
		report: ControlPayload<"heartbeat">,
	): Promise<void> {
		const node = this.#present(nodeId, connectionId);
		if (node?.heartbeat(report, this.#options.clock.monotonic()))
			this.#changed(nodeId);
	}

	async drain(nodeId: string, connectionId: string): Promise<void> {
		const node = this.#present(nodeId, connectionId);
		node?.drain(this.#options.clock.monotonic());
		if (node) this.#changed(nodeId);
	}

	async admit(
		nodeId: string,
		principal: Principal,
	): Promise<{ readonly connectionId: string }> {
		const { error } = await this.providersFor({ node: nodeId }, principal);
		if (error) throw error;
		const connectionId = this.#nodes.get(nodeId)?.connectionId;
		if (connectionId === undefined) throw notOnline({ node: nodeId });
		return { connectionId };
	}

	async providersFor(
		query: RouteQuery,
		principal: Principal,
	): Promise<ProviderAnswer> {
		return answerQuery(this.#inventory(), query, principal);
	}

	async list(principal: Principal): Promise<readonly Provider[]> {
		return listVisible(this.#inventory(), principal);
	}

	async nodes(principal: Principal): Promise<readonly NodeStatus[]> {
		const { clock } = this.#options;
		const epochMs = clock.now() - clock.monotonic();
		return statusOfVisible(this.#inventory(), principal, epochMs);
	}

	listen(listener: (change: RegistryChange) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	async donorOf(nodeId: string): Promise<string | undefined> {
		return this.#nodes.get(nodeId)?.connection.donor?.id;
	}

	trustChanged(donorId: string): void {
		for (const [nodeId, { connection }] of this.#nodes)
			if (connection.donor?.id === donorId) this.#changed(nodeId);
	}

	close(): void {
		this.#cancelSweep();
		this.#stopListening();
		this.#listeners.clear();
	}

	#inventory(): Inventory {
		const { clock, trustOf = NOTHING_FOUND } = this.#options;
		return {
			nodes: this.#nodes,
			published: this.#published,
			trustOf,
			nowMs: clock.monotonic(),
		};
	}

	/** Development mode binds nothing: everybody is the same there, and the ids must be free for the keys made later. */
	#ownerOf({ nodeId, principal: { id } }: JoiningNode): Promise<string> {
		const { identities, clock } = this.#options;
		if (id === DEVELOPER.id) return Promise.resolve(id);
		// Strangers could fill the store with ids that nobody ever uses again: theirs last as long as we know the node.
		if (isStrangeDonor(id))
			return Promise.resolve(
				this.#nodes.get(nodeId)?.connection.principal.id ?? id,
			);
		return identities.bind(nodeId, id, clock.now());
	}

	#present(nodeId: string, connectionId: string): NodeEntry | undefined {
		const node = this.#nodes.get(nodeId);
		return node?.connectionId === connectionId ? node : undefined;
	}

	/** What is gone is taken off its donors at once, and who asks for the newest version hears of it. */
	#publishedChanged(names: ReadonlySet<string>): void {
		const losers = new Map<string, readonly string[]>();
		for (const [nodeId, node] of this.#nodes) {
			if (node.connection.profile.kind !== "donor") continue;
			const gone = [...node.functions.keys()].filter(
				(name) => names.has(name) && !this.#published.resolve(name),
			);
			if (gone.length === 0) continue;
			node.unregister(gone);
			losers.set(nodeId, gone);
		}
		this.#tell({ nodeId: undefined, functions: names });
		for (const [nodeId, gone] of losers) this.#changed(nodeId, gone);
	}

	#changed(nodeId: string, formerFunctions: readonly string[] = []): void {
		const node = this.#nodes.get(nodeId);
		if (node)
			this.#announced.set(
				nodeId,
				node.health(this.#options.clock.monotonic()).state,
			);
		const functions = new Set(
			[...(node?.functions.keys() ?? []), ...formerFunctions].flatMap(
				// Who asks for the newest version is told of all.
				(name) => (name.includes("/") ? [name, withoutVersion(name)] : [name]),
			),
		);
		this.#tell({ nodeId, functions });
	}

	#tell(change: RegistryChange): void {
		for (const listener of [...this.#listeners]) listener(change);
	}

	#planSweep(): void {
		const { clock } = this.#options;
		const dueAtMs = clock.monotonic() + this.#sweepMs;
		this.#cancelSweep = clock.schedule(this.#sweepMs, () => {
			this.#sweep(clock.monotonic() - dueAtMs);
			this.#planSweep();
		});
	}

	/**
	 * Announces nodes that have become silent, and forgets those gone for long.
	 *
	 * @param lateMs how late it is. This process may have stood still (stopped, or its machine asleep): what came in
	 * meanwhile is read after the timers have run, so nobody's silence in that time counts.
	 */
	#sweep(lateMs: number): void {
		const now = this.#options.clock.monotonic();
		for (const [nodeId, node] of this.#nodes) {
			if (lateMs > this.#sweepMs) node.excuse(lateMs, now);
			const health = node.health(now);
			if (health.state !== this.#announced.get(nodeId)) {
				this.#changed(nodeId);
				if (health.state === "lost" && node.connectionId !== undefined)
					this.#options.silent?.(nodeId, node.connectionId);
			}
			const rememberedMs = node.connection.donor
				? DONOR_REMEMBERED_MS
				: REMEMBERED_MS;
			if (health.state !== "lost" || now - health.sinceMs < rememberedMs)
				continue;
			this.#nodes.delete(nodeId);
			this.#announced.delete(nodeId);
			this.#changed(nodeId, [...node.functions.keys()]);
		}
	}
}

function noNodeGrant(principal: Principal, nodeId: string): EasyRemoteError {
	return principal.anonymous
		? new EasyRemoteError(
				"UNAUTHENTICATED",
				`connecting as node ${nodeId} takes a credential`,
				{
					hint: "Use an API key with the role node.",
				},
			)
		: new EasyRemoteError(
				"PERMISSION_DENIED",
				`${principal.subject} may not connect as node ${nodeId}`,
				{
					hint: `Use a key with a grant such as node:${nodeId}.`,
				},
			);
}

function foreignNode(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		`the node id ${nodeId} belongs to another identity`,
		{
			hint: "Choose another id, or use the key it was first used with.",
		},
	);
}

function noFunctionGrant(nodeId: string, name: string): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		`this credential may not offer ${nodeId}.${name}`,
		{
			hint: `Use a key with a grant such as node:${nodeId}.`,
		},
	);
}
