import { cpus } from "node:os";

/** Busy and total CPU time of the machine since it started, ms, over all its processors. */
export interface CpuTimes {
	readonly busy: number;
	readonly total: number;
}

/** Reads the machine's CPU times. */
export function readCpuTimes(): CpuTimes {
	let busy = 0;
	let idle = 0;
	for (const { times } of cpus()) {
		busy += times.user + times.nice + times.sys + times.irq;
		idle += times.idle;
	}
	return { busy, total: busy + idle };
}

/** Time over which usage is averaged, ms: a moment of full load is what a processor is for. */
const AVERAGING_MS = 20_000;

/**
 * The share of CPU in use, 0–1, as an exponential average over about 20 s that starts at 0. Feed it by `sample` every
 * few seconds.
 */
export class CpuMeter {
	readonly #read: () => CpuTimes;
	#last: CpuTimes;
	#usage = 0;

	constructor(read: () => CpuTimes = readCpuTimes) {
		this.#read = read;
		this.#last = read();
	}

	get usage(): number {
		return this.#usage;
	}

	/** Takes in what has happened since the last sample, `elapsedMs` ago. */
	sample(elapsedMs: number): void {
		const now = this.#read();
		const total = now.total - this.#last.total;
		const busy = now.busy - this.#last.busy;
		this.#last = now;
		if (total <= 0) return;
		const weight = 1 - Math.exp(-elapsedMs / AVERAGING_MS);
		this.#usage += (busy / total - this.#usage) * weight;
	}
}
