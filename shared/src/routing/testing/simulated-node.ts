import type { Provider } from "../../protocol/provider.js";
import type { EventQueue } from "./event-queue.js";

/** What a simulated machine is like. */
export interface Machine {
	readonly id: string;
	/** Calls it runs at once. */
	readonly slots: number;
	/** Calls that run at once without slowing each other down. */
	readonly cores: number;
	/** How fast it works; 1 takes the time that the work says. */
	readonly speed: number;
	/** Share of its CPU that something else uses, 0–1. */
	readonly elsewhere: number;
}

/** Calls that wait on one node at most. */
const MAX_QUEUE = 100;

/** A machine that runs calls: slots, a queue, and CPU that is shared by what runs. */
export class SimulatedNode {
	readonly machine: Machine;
	readonly #time: EventQueue;
	readonly #queue: (() => void)[] = [];
	#running = 0;
	#busyMs = 0;
	#countedToMs = 0;
	#revision = 0;
	#reported: Pick<Provider, "load" | "cpuUsage"> | undefined;

	constructor(machine: Machine, time: EventQueue) {
		this.machine = machine;
		this.#time = time;
		this.report();
	}

	/** Takes a call of so much work, ms at speed 1; false if its queue is full. */
	take(workMs: number, done: () => void): boolean {
		const start = () => this.#start(workMs, done);
		if (this.#running < this.machine.slots) start();
		else if (this.#queue.length < MAX_QUEUE) this.#queue.push(start);
		else return false;
		return true;
	}

	/** Sends a heartbeat. */
	report(): void {
		const { cores, elsewhere, slots } = this.machine;
		this.#revision += 1;
		this.#reported = {
			load: {
				running: this.#running,
				queued: this.#queue.length,
				maxConcurrent: slots,
			},
			cpuUsage: Math.min(
				elsewhere + ((1 - elsewhere) * this.#running) / cores,
				1,
			),
		};
	}

	/** Sends one if its load is another than the last one said. */
	reportIfChanged(): void {
		const { running = 0, queued = 0 } = this.#reported?.load ?? {};
		if (running !== this.#running || queued !== this.#queue.length)
			this.report();
	}

	/** What the latest heartbeat said. */
	get provider(): Provider {
		return {
			nodeId: this.machine.id,
			kind: "compute",
			state: "online",
			tags: [],
			direct: true,
			load: { running: 0, queued: 0, maxConcurrent: this.machine.slots },
			loadRevision: this.#revision,
			memoryUsage: 0.5,
			latencyMs: 5,
			functions: [],
			...this.#reported,
		};
	}

	/** Time that slots were taken until now, in slot-ms. */
	get busyMs(): number {
		const sinceMs = this.#time.monotonic() - this.#countedToMs;
		return this.#busyMs + this.#running * sinceMs;
	}

	#change(by: number): void {
		this.#busyMs = this.busyMs;
		this.#countedToMs = this.#time.monotonic();
		this.#running += by;
	}

	#start(workMs: number, done: () => void): void {
		const { speed, cores, elsewhere } = this.machine;
		this.#change(1);
		const crowd = Math.max(1, this.#running / cores);
		const ms = (workMs * crowd) / speed / (1 - elsewhere);
		this.#time.after(ms, () => {
			this.#change(-1);
			this.#queue.shift()?.();
			done();
		});
	}
}
