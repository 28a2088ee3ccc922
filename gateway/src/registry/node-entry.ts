import {
	type ControlPayload,
	type FunctionDescriptor,
	type NodeLoad,
	type NodeProfile,
	type NodeResources,
	type PathCounts,
	PROTOCOL,
	type Provider,
} from "@easyremote/shared/protocol";

/** `degraded`: a heartbeat is overdue. `lost`: two are, or the connection is gone. */
export type NodeState = "online" | "degraded" | "draining" | "lost";

/** One heartbeat and some slack: from then on a node comes after others, ms. */
const DEGRADED_AFTER_MS = PROTOCOL.heartbeatIntervalMs * 1.5;

/** One node as the gateway knows it. */
export class NodeEntry {
	readonly nodeId: string;
	readonly functions = new Map<string, FunctionDescriptor>();
	/** The present connection; undefined while there is none. */
	connectionId: string | undefined;
	/** Time of the last heartbeat, or since when it is gone; on the monotonic clock, ms. */
	heardAtMs: number;
	#profile: NodeProfile;
	#load: NodeLoad;
	#resources: NodeResources | undefined;
	#latencyMs: number | undefined;
	#paths: PathCounts | undefined;
	#registered = false;
	#draining = false;
	#revision = 0;
	#loadRevision = 0;

	constructor(
		nodeId: string,
		connectionId: string,
		profile: NodeProfile,
		nowMs: number,
	) {
		this.nodeId = nodeId;
		this.connectionId = connectionId;
		this.heardAtMs = nowMs;
		this.#profile = profile;
		this.#load = profile.load;
		this.#resources = profile.resources;
	}

	/** Counts changes of anything but the load. */
	get revision(): number {
		return this.#revision;
	}

	/** Counts changes of the load. */
	get loadRevision(): number {
		return this.#loadRevision;
	}

	get tags(): readonly string[] {
		return this.#profile.tags;
	}

	/** The same node on a new connection. What it offered before stays known until it says what it offers now. */
	reconnect(connectionId: string, profile: NodeProfile, nowMs: number): void {
		this.connectionId = connectionId;
		this.heardAtMs = nowMs;
		this.#profile = profile;
		this.#load = profile.load;
		this.#resources = profile.resources;
		this.#latencyMs = undefined;
		this.#paths = undefined;
		this.#registered = false;
		this.#draining = false;
		this.#revision += 1;
	}

	disconnect(nowMs: number): void {
		this.connectionId = undefined;
		this.heardAtMs = nowMs;
		this.#revision += 1;
	}

	register(functions: readonly FunctionDescriptor[]): void {
		if (!this.#registered) this.functions.clear();
		this.#registered = true;
		for (const each of functions) this.functions.set(each.name, each);
		this.#revision += 1;
	}

	/** The functions it would have after `register`. */
	functionsWith(
		functions: readonly FunctionDescriptor[],
	): Iterable<FunctionDescriptor> {
		const kept = this.#registered ? [...this.functions.values()] : [];
		return new Map(
			[...kept, ...functions].map((each) => [each.name, each]),
		).values();
	}

	unregister(names: readonly string[]): void {
		for (const name of names) this.functions.delete(name);
		this.#revision += 1;
	}

	/** Takes a heartbeat; true if it changes what routes show. */
	heartbeat(report: ControlPayload<"heartbeat">, nowMs: number): boolean {
		const before = this.state(nowMs);
		this.heardAtMs = nowMs;
		this.#latencyMs = report.latencyMs ?? this.#latencyMs;
		this.#paths = report.paths ?? this.#paths;
		this.#resources = report.resources ?? this.#resources;
		this.#load = report.load ?? this.#load;
		const told = report.load !== undefined || report.resources !== undefined;
		if (told) this.#loadRevision += 1;
		return told || before !== this.state(nowMs);
	}

	drain(): void {
		this.#draining = true;
		this.#revision += 1;
	}

	state(nowMs: number): NodeState {
		const silentMs = nowMs - this.heardAtMs;
		if (
			this.connectionId === undefined ||
			silentMs >= PROTOCOL.heartbeatTimeoutMs
		)
			return "lost";
		if (this.#draining) return "draining";
		return silentMs >= DEGRADED_AFTER_MS ? "degraded" : "online";
	}

	/** Whether it can be offered: connected, alive, and it has said what it offers. */
	offered(nowMs: number): boolean {
		return this.#registered && this.state(nowMs) !== "lost";
	}

	/** What callers learn of it. `lost` nodes are not shown to callers. */
	provider(functions: readonly FunctionDescriptor[], nowMs: number): Provider {
		const { kind, tags, direct } = this.#profile;
		const state = this.state(nowMs);
		const resources = this.#resources;
		return {
			nodeId: this.nodeId,
			kind,
			state: state === "lost" ? "draining" : state,
			tags,
			direct,
			load: this.#load,
			...(resources && {
				cpuUsage: resources.cpuUsage,
				memoryUsage: resources.memoryUsage,
				gpus: resources.gpus.length,
			}),
			...(this.#latencyMs !== undefined && { latencyMs: this.#latencyMs }),
			functions: [...functions],
		};
	}

	/** What those learn of it who ask for a list: routes are sent too often to carry all of this. */
	listed(functions: readonly FunctionDescriptor[], nowMs: number): Provider {
		const listed = this.provider(functions, nowMs);
		return this.#paths ? { ...listed, paths: this.#paths } : listed;
	}
}
