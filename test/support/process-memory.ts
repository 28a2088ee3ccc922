import { readFileSync, writeFileSync } from "node:fs";

/** Whether the memory of other processes can be looked at here. */
export const canWatchMemory = process.platform === "linux";

/** Watches how much memory a process takes, by what Linux counts for it. */
export class ProcessMemory {
	readonly #pid: number;
	readonly #before: number;

	/** From now on. */
	constructor(pid: number) {
		this.#pid = pid;
		// Sets the peak back to what is in use.
		writeFileSync(`/proc/${pid}/clear_refs`, "5");
		this.#before = this.#read("VmRSS");
	}

	/** How far its resident memory has risen at most above what it was at first, bytes. */
	get risen(): number {
		return this.#read("VmHWM") - this.#before;
	}

	#read(field: string): number {
		const status = readFileSync(`/proc/${this.#pid}/status`, "utf8");
		const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
		if (kib === undefined)
			throw new Error(`process ${this.#pid} has no ${field}`);
		return Number(kib) * 1024;
	}
}
