import type {
	ControlPayload,
	FunctionDescriptor,
	NodeLoad,
	NodeProfile,
	NodeResources,
	PathCounts,
	Provider,
} from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import { gpuSummary } from "./gpu-summary.js";
import {
	type HealthEvent,
	type HealthPatience,
	healthAt,
	joinedHealth,
	type NodeHealth,
	nextHealth,
} from "./node-health.js";

/** It comes from the node, which may say anything at any length. */
const LONGEST_ENGINE = 100;

/** How a node has come in. */
export interface NodeConnection {
	readonly connectionId: string;
	/** Whose it is. */
	readonly principal: Principal;
	readonly profile: NodeProfile;
	/** Its program and version, as it says itself. */
	readonly agent?: string | undefined;
	/** Of a donor: the thumbprint of its key, and whether its results are taken without comparing. */
	readonly donor?:
		| { readonly id: string; readonly trusted: boolean }
		| undefined;
	/** Its IP address, where that is known. */
	readonly address?: string | undefined;
}

/** One node as the gateway knows it. */
export class NodeEntry {
	readonly nodeId: string;
	readonly functions = new Map<string, FunctionDescriptor>();
	/** The present connection; undefined while there is none. */
	connectionId: string | undefined;
	readonly #patience: HealthPatience;
	#connection: NodeConnection;
	#health: NodeHealth;
	#load: NodeLoad;
	#resources: NodeResources | undefined;
	#latencyMs: number | undefined;
	#paths: PathCounts | undefined;
	#registered = false;
	#revision = 0;
	#loadRevision = 0;

	constructor(
		nodeId: string,
		connection: NodeConnection,
		nowMs: number,
		patience: HealthPatience,
	) {
		this.nodeId = nodeId;
		this.connectionId = connection.connectionId;
		this.#patience = patience;
		this.#connection = connection;
		this.#health = joinedHealth(nowMs);
		this.#load = connection.profile.load;
		this.#resources = connection.profile.resources;
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
		return this.#connection.profile.tags;
	}

	/** How it came in last. */
	get connection(): NodeConnection {
		return this.#connection;
	}

	get resources(): NodeResources | undefined {
		return this.#resources;
	}

	/** The same node on a new connection. What it offered before stays known until it says what it offers now. */
	reconnect(connection: NodeConnection, nowMs: number): void {
		this.connectionId = connection.connectionId;
		this.#connection = connection;
		this.#step({ type: "joined" }, nowMs);
		this.#load = connection.profile.load;
		this.#resources = connection.profile.resources;
		this.#latencyMs = undefined;
		this.#paths = undefined;
		this.#registered = false;
		this.#revision += 1;
	}

	disconnect(nowMs: number): void {
		this.connectionId = undefined;
		this.#step({ type: "disconnected" }, nowMs);
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

	/** Takes a heartbeat; true if it changes what routes show. One of a node that is lost comes too late. */
	heartbeat(report: ControlPayload<"heartbeat">, nowMs: number): boolean {
		const before = this.health(nowMs).state;
		if (before === "lost") return false;
		this.#step({ type: "heard" }, nowMs);
		this.#latencyMs = report.latencyMs ?? this.#latencyMs;
		this.#paths = report.paths ?? this.#paths;
		// What a donor lends it has said; strangers are not to fill memory with more.
		if (!this.#connection.donor)
			this.#resources = report.resources ?? this.#resources;
		this.#load = report.load ?? this.#load;
		const told = report.load !== undefined || report.resources !== undefined;
		if (told) this.#loadRevision += 1;
		return told || before !== this.health(nowMs).state;
	}

	drain(nowMs: number): void {
		this.#step({ type: "draining" }, nowMs);
		this.#revision += 1;
	}

	/** The gateway could not hear anybody for so long, ms. */
	excuse(ms: number, nowMs: number): void {
		this.#step({ type: "deaf", ms }, nowMs);
	}

	health(nowMs: number): NodeHealth {
		return healthAt(this.#health, nowMs, this.#patience);
	}

	/** Whether it can be offered: connected, alive, and it has said what it offers. */
	offered(nowMs: number): boolean {
		return this.#registered && this.health(nowMs).state !== "lost";
	}

	/** What callers learn of it. `lost` nodes are not shown to callers. */
	provider(functions: readonly FunctionDescriptor[], nowMs: number): Provider {
		const { kind, tags, direct, engine, capabilities } =
			this.#connection.profile;
		const { state } = this.health(nowMs);
		const resources = this.#resources;
		return {
			nodeId: this.nodeId,
			kind,
			state: state === "lost" ? "draining" : state,
			tags,
			direct,
			load: this.#load,
			loadRevision: this.#loadRevision,
			...(resources && {
				cpuUsage: resources.cpuUsage,
				memoryUsage: resources.memoryUsage,
				cpuCount: resources.cpuCount,
				memoryBytes: resources.memoryBytes,
				...gpuSummary(resources.gpus),
			}),
			...(this.#latencyMs !== undefined && { latencyMs: this.#latencyMs }),
			...(engine !== undefined && { engine: engine.slice(0, LONGEST_ENGINE) }),
			...(capabilities && { capabilities }),
			functions: [...functions],
		};
	}

	/** What those learn of it who ask for a list: routes are sent too often to carry all of this. */
	listed(functions: readonly FunctionDescriptor[], nowMs: number): Provider {
		const listed = this.provider(functions, nowMs);
		return this.#paths ? { ...listed, paths: this.#paths } : listed;
	}

	#step(event: HealthEvent, nowMs: number): void {
		this.#health = nextHealth(this.#health, event, nowMs, this.#patience);
	}
}
