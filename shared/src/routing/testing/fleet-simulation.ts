import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { Provider } from "../../protocol/provider.js";
import { type Chooser, createChooser } from "../chooser.js";
import { EventQueue } from "./event-queue.js";
import { seededRandom } from "./seeded-random.js";
import { type Machine, SimulatedNode } from "./simulated-node.js";

/** How a run of a strategy went. */
export interface FleetResult {
	readonly calls: number;
	/** Calls that found no node in three attempts. */
	readonly lost: number;
	readonly answered: number;
	/** Calls that the end of time cut short. */
	readonly underWay: number;
	/** Share of slots in use over the whole time: mean of the nodes, of the least and of the most used tenth. */
	readonly utilisation: {
		readonly mean: number;
		readonly least: number;
		readonly most: number;
	};
	/** From a call's making to its answer. */
	readonly meanMs: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
}

export interface FleetOptions {
	readonly strategy: string;
	readonly seed: number;
	readonly nodes: number;
	/** Callers that know nothing of each other but by the nodes' heartbeats. */
	readonly callers: number;
	/** Share of what the nodes can do that is asked of them. */
	readonly demand: number;
	readonly durationMs: number;
}

const HEARTBEAT_MS = 10_000;
/** A node whose load has changed says so before its next heartbeat. */
const LOAD_WATCH_MS = 1_000;
/** Changes of load reach callers so often at most. */
const PUSH_MS = 1_000;
const MEAN_WORK_MS = 500;
/** An attempt that was refused is repeated elsewhere after up to so long. */
const BACKOFF_MS = 100;
const ATTEMPTS = 3;
const AWAY_MS = 1;

/** Runs a fleet of uneven nodes under one strategy, in simulated time. */
export function simulateFleet(options: FleetOptions): FleetResult {
	const random = seededRandom(options.seed);
	const time = new EventQueue();
	const nodes = Array.from(
		{ length: options.nodes },
		(_, index) => new SimulatedNode(unevenMachine(index, random), time),
	);
	const callers = Array.from(
		{ length: options.callers },
		(_, index) => new SimulatedCaller(options.strategy, nodes, time, index),
	);
	for (const node of nodes) {
		every(time, HEARTBEAT_MS, random() * HEARTBEAT_MS, () => node.report());
		every(time, LOAD_WATCH_MS, random() * LOAD_WATCH_MS, () =>
			node.reportIfChanged(),
		);
	}
	for (const caller of callers)
		every(time, PUSH_MS, random() * PUSH_MS, () => caller.refresh());
	const perMs =
		(options.demand * sum(nodes.map(({ machine }) => power(machine)))) /
		MEAN_WORK_MS;
	const durations: number[] = [];
	let calls = 0;
	let lost = 0;
	let underWay = 0;
	const arrive = () => {
		time.after(exponential(random) / perMs, arrive);
		calls += 1;
		underWay += 1;
		const madeAtMs = time.monotonic();
		const caller = callers[Math.floor(random() * callers.length)];
		caller?.call(exponential(random) * MEAN_WORK_MS, random, (ok) => {
			underWay -= 1;
			if (ok) durations.push(time.monotonic() - madeAtMs);
			else lost += 1;
		});
	};
	arrive();
	time.runUntil(options.durationMs);
	const used = nodes
		.map(({ busyMs, machine }) => busyMs / machine.slots / options.durationMs)
		.sort((a, b) => a - b);
	const tenth = Math.ceil(used.length / 10);
	durations.sort((a, b) => a - b);
	return {
		calls,
		lost,
		answered: durations.length,
		underWay,
		utilisation: {
			mean: mean(used),
			least: mean(used.slice(0, tenth)),
			most: mean(used.slice(-tenth)),
		},
		meanMs: mean(durations),
		p50Ms: durations[Math.floor(durations.length * 0.5)] ?? 0,
		p99Ms: durations[Math.floor(durations.length * 0.99)] ?? 0,
	};
}

/** A client: its own chooser, its own count, and a view of the nodes that is a little old. */
class SimulatedCaller {
	readonly #nodes: readonly SimulatedNode[];
	readonly #byId: ReadonlyMap<string, SimulatedNode>;
	readonly #time: EventQueue;
	readonly #start: number;
	readonly #chooser: Chooser;
	readonly #inFlight = new Map<string, number>();
	#providers: readonly Provider[] = [];

	constructor(
		strategy: string,
		nodes: readonly SimulatedNode[],
		time: EventQueue,
		start: number,
	) {
		this.#nodes = nodes;
		this.#byId = new Map(nodes.map((node) => [node.machine.id, node]));
		this.#time = time;
		this.#start = start;
		this.#chooser = createChooser(strategy, { clock: time });
		this.refresh();
	}

	/** Hears what the nodes have told the gateway. */
	refresh(): void {
		const all = this.#nodes.map(({ provider }) => provider);
		this.#providers = [...all.slice(this.#start), ...all.slice(0, this.#start)];
	}

	call(
		workMs: number,
		random: () => number,
		done: (ok: boolean) => void,
		avoid: ReadonlySet<string> = new Set(),
	): void {
		const chosen = this.#chooser.choose(
			this.#providers,
			(id) => this.#inFlight.get(id) ?? 0,
			avoid,
		);
		const node = chosen && this.#byId.get(chosen.provider.nodeId);
		if (!node || avoid.size >= ATTEMPTS) {
			done(false);
			return;
		}
		const { id } = node.machine;
		const sentAtMs = this.#time.monotonic();
		this.#count(id, 1);
		const settle = (error?: EasyRemoteError) => {
			this.#count(id, -1);
			const ms = this.#time.monotonic() - sentAtMs;
			this.#chooser.settled(id, { ms, error, accepted: !error });
		};
		this.#time.after(AWAY_MS, () => {
			const taken = node.take(workMs, () => {
				settle();
				done(true);
			});
			if (taken) return;
			settle(
				new EasyRemoteError("RESOURCE_EXHAUSTED", "full", {
					retryAfterMs: 500,
				}),
			);
			this.#time.after(random() * BACKOFF_MS, () =>
				this.call(workMs, random, done, new Set([...avoid, id])),
			);
		});
	}

	#count(id: string, change: number): void {
		this.#inFlight.set(id, (this.#inFlight.get(id) ?? 0) + change);
	}
}

/** From a tiny old machine to a large new one; every fifth is busy with something else. */
function unevenMachine(index: number, random: () => number): Machine {
	const slots = 2 ** Math.floor(random() * 5);
	return {
		id: `node-${index}`,
		slots,
		cores: random() < 0.3 ? Math.ceil(slots / 2) : slots,
		speed: 0.5 + random() * 2.5,
		elsewhere: index % 5 === 0 ? 0.3 + random() * 0.4 : 0,
	};
}

/** Work that a machine gets done in a ms, ms. */
function power({ slots, cores, speed, elsewhere }: Machine): number {
	return Math.min(slots, cores) * speed * (1 - elsewhere);
}

function every(
	time: EventQueue,
	intervalMs: number,
	firstMs: number,
	run: () => void,
): void {
	time.after(firstMs, () => {
		run();
		every(time, intervalMs, intervalMs, run);
	});
}

function exponential(random: () => number): number {
	return -Math.log(1 - random());
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
	return values.length === 0 ? 0 : sum(values) / values.length;
}
