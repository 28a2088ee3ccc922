import { availableParallelism } from "node:os";
import type { NodeResources } from "@easyremote/shared/protocol";
import {
	type CancelTimer,
	type Clock,
	systemClock,
} from "@easyremote/shared/time";
import { CpuMeter, type CpuTimes, readCpuTimes } from "./cpu-meter.js";
import { type Gpu, readGpus } from "./gpu-meter.js";
import { type MemoryReading, readMemory } from "./memory-meter.js";

const SAMPLE_MS = 2_000;
const GPU_SAMPLES = 15;

export interface ResourceLimits {
	/** Share of memory in use above which no calls are taken, 0–1; 1 is no limit. */
	readonly maxMemoryUsage: number;
	/** Share of CPU in use, averaged over about 20 s, above which no calls are taken, 0–1; 1 is no limit. */
	readonly maxCpuUsage: number;
}

/** Where the readings come from; all of them the machine itself unless a test says otherwise. */
export interface ResourceSources {
	readonly cpu: () => CpuTimes;
	readonly memory: () => Promise<MemoryReading>;
	readonly gpus: () => Promise<readonly Gpu[]>;
}

const MACHINE: ResourceSources = {
	cpu: readCpuTimes,
	memory: readMemory,
	gpus: readGpus,
};

/** Keeps an eye on CPU, memory and GPUs in the background; asking it costs nothing. */
export class ResourceMonitor {
	readonly #limits: ResourceLimits;
	readonly #clock: Clock;
	readonly #sources: ResourceSources;
	readonly #cpu: CpuMeter;
	readonly #cpuCount = availableParallelism();
	#memory: MemoryReading = { total: 0, available: 0 };
	#gpus: readonly Gpu[] = [];
	#samples = 0;
	#cancelTimer: CancelTimer | undefined;
	#stopped = false;

	constructor(
		limits: ResourceLimits,
		clock: Clock = systemClock,
		sources: ResourceSources = MACHINE,
	) {
		this.#limits = limits;
		this.#clock = clock;
		this.#sources = sources;
		this.#cpu = new CpuMeter(sources.cpu);
	}

	/** Takes the first sample, and goes on until `stop`. Never rejects. */
	async start(): Promise<void> {
		await this.#sample(0);
		this.#schedule();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancelTimer?.();
	}

	/** The latest readings, as the gateway is told of them. */
	get resources(): NodeResources {
		return {
			cpuCount: this.#cpuCount,
			cpuUsage: this.#cpu.usage,
			memoryBytes: this.#memory.total,
			memoryUsage: this.#memoryUsage,
			gpus: [...this.#gpus],
		};
	}

	/** Says in words what there is too little of to take another call; undefined when all is well. */
	overloaded(): string | undefined {
		const { maxMemoryUsage, maxCpuUsage } = this.#limits;
		const memory = this.#memoryUsage;
		if (memory > maxMemoryUsage) {
			return `memory at ${percent(memory)}, its limit is ${percent(maxMemoryUsage)}`;
		}
		const cpu = this.#cpu.usage;
		if (cpu > maxCpuUsage) {
			return `CPU at ${percent(cpu)}, its limit is ${percent(maxCpuUsage)}`;
		}
		return undefined;
	}

	get #memoryUsage(): number {
		const { total, available } = this.#memory;
		return total > 0 ? 1 - available / total : 0;
	}

	#schedule(): void {
		if (this.#stopped) return;
		this.#cancelTimer = this.#clock.schedule(SAMPLE_MS, () => {
			void this.#sample(SAMPLE_MS).then(() => this.#schedule());
		});
	}

	async #sample(elapsedMs: number): Promise<void> {
		this.#cpu.sample(elapsedMs);
		const { memory, gpus } = this.#sources;
		// A reading that fails leaves the one before it in force.
		const [memoryNow, gpusNow] = await Promise.allSettled([
			memory(),
			this.#gpusAreDue() ? gpus() : this.#gpus,
		]);
		if (memoryNow.status === "fulfilled") this.#memory = memoryNow.value;
		if (gpusNow.status === "fulfilled") this.#gpus = gpusNow.value;
		this.#samples += 1;
	}

	/** A machine without GPUs at the start is not asked again. */
	#gpusAreDue(): boolean {
		if (this.#samples === 0) return true;
		return this.#gpus.length > 0 && this.#samples % GPU_SAMPLES === 0;
	}
}

function percent(share: number): string {
	return `${Math.round(share * 1000) / 10} %`;
}
