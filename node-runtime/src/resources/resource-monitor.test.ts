import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { parseGpus } from "./gpu-meter.js";
import { ResourceMonitor } from "./resource-monitor.js";

const GIB = 1024 ** 3;

function fixture(limits = { maxMemoryUsage: 0.8, maxCpuUsage: 0.9 }) {
	const clock = new ManualClock();
	const machine = {
		busy: 0,
		total: 0,
		available: 4 * GIB,
		gpuReads: 0,
		broken: false,
	};
	const monitor = new ResourceMonitor(limits, clock, {
		cpu: () => ({ busy: machine.busy, total: machine.total }),
		memory: () =>
			machine.broken
				? Promise.reject(new Error("cannot read"))
				: Promise.resolve({ total: 8 * GIB, available: machine.available }),
		gpus: () => {
			machine.gpuReads += 1;
			return Promise.resolve(parseGpus("NVIDIA L4, 1000, 250\n"));
		},
	});
	const pass = async (seconds: number, usage: number) => {
		for (let elapsed = 0; elapsed < seconds; elapsed += 2) {
			machine.total += 2000;
			machine.busy += 2000 * usage;
			await clock.advance(2000);
		}
	};
	return { clock, machine, monitor, pass };
}

describe("ResourceMonitor", () => {
	it("reports memory at once and CPU as an average", async () => {
		const { monitor, pass } = fixture();
		await monitor.start();
		expect(monitor.resources).toMatchObject({
			memoryBytes: 8 * GIB,
			memoryUsage: 0.5,
			cpuUsage: 0,
		});
		await pass(60, 0.5);
		expect(monitor.resources.cpuUsage).toBeCloseTo(0.475, 2);
		monitor.stop();
	});

	it("is overloaded when memory is short, and says so", async () => {
		const { machine, monitor, pass } = fixture();
		await monitor.start();
		expect(monitor.overloaded()).toBeUndefined();
		machine.available = GIB;
		await pass(2, 0);
		expect(monitor.overloaded()).toBe("memory at 87.5 %, its limit is 80 %");
		machine.available = 4 * GIB;
		await pass(2, 0);
		expect(monitor.overloaded()).toBeUndefined();
		monitor.stop();
	});

	it("takes seconds of full CPU for what they are, and a minute for overload", async () => {
		const { monitor, pass } = fixture();
		await monitor.start();
		await pass(10, 1);
		expect(monitor.overloaded()).toBeUndefined();
		await pass(60, 1);
		expect(monitor.overloaded()).toMatch(/^CPU at 9\d/);
		monitor.stop();
	});

	it("keeps the last reading when one fails, and asks for GPUs rarely", async () => {
		const { machine, monitor, pass } = fixture();
		await monitor.start();
		machine.broken = true;
		await pass(20, 0);
		expect(monitor.resources.memoryUsage).toBe(0.5);
		expect(monitor.resources.gpus).toEqual([
			{ name: "NVIDIA L4", memoryBytes: 1000 * 1024 * 1024, memoryUsage: 0.25 },
		]);
		expect(machine.gpuReads).toBe(1);
		monitor.stop();
	});

	it("leaves no timer behind", async () => {
		const { clock, monitor } = fixture();
		await monitor.start();
		monitor.stop();
		expect(clock.pending).toBe(0);
	});
});

describe("parseGpus", () => {
	it("reads what nvidia-smi prints and nothing else", () => {
		expect(parseGpus("")).toEqual([]);
		expect(parseGpus("No devices were found\n")).toEqual([]);
		expect(parseGpus("Tesla T4, 15360, [N/A]\nTesla T4, 15360, 7680")).toEqual([
			{ name: "Tesla T4", memoryBytes: 15360 * 1024 * 1024, memoryUsage: 0.5 },
		]);
	});
});
