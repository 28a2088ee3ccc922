import { describe, expect, it } from "vitest";
import { unmetNeed, wantsGpu } from "./resource-needs.js";

const machine = {
	cpuCount: 8,
	memoryBytes: 16e9,
	memoryUsage: 0.5,
	gpus: 2,
	gpuUsage: 0.5,
	gpuFreeBytes: 6e9,
};

describe("what a function needs", () => {
	it.each([
		[undefined, undefined],
		[{}, undefined],
		[{ gpu: true, memoryBytes: 8e9, cpu: 8 }, undefined],
		[{ gpu: { memoryBytes: 6e9 } }, undefined],
		[{ cpu: 9 }, "9 CPU cores"],
		[{ memoryBytes: 9e9 }, "9 GB of free memory"],
		[{ memoryBytes: 8.5e9 }, "8.5 GB of free memory"],
		[{ gpu: { memoryBytes: 7e9 } }, "a GPU with 7 GB of free memory"],
	])("%j lacks %s", (needs, lack) => {
		expect(unmetNeed(machine, needs)).toBe(lack);
	});

	const capabilities = {
		webgpu: true,
		simd: true,
		memoryBytes: 1e9,
		cores: 2,
	};

	it.each([
		[{ webgpu: true, simd: true, memoryBytes: 1e9, cpu: 2 }, undefined],
		[{ memoryBytes: 2e9 }, "2 GB of memory to lend"],
		[{ cpu: 3 }, "3 CPU cores to lend"],
	])("%j is more than a donor lends: %s", (needs, lack) => {
		expect(unmetNeed({ capabilities }, needs)).toBe(lack);
		expect(unmetNeed({ capabilities }, needs, 5)).toBe(lack);
	});

	it("is not what a donor's browser cannot do", () => {
		const plain = {
			capabilities: { ...capabilities, webgpu: false, simd: false },
		};
		expect(unmetNeed(plain, { webgpu: true })).toBe("WebGPU");
		expect(unmetNeed(plain, { simd: true })).toBe("WebAssembly SIMD");
		expect(unmetNeed(plain, { webgpu: false, simd: false })).toBeUndefined();
		expect(unmetNeed(machine, { webgpu: true, simd: true })).toBeUndefined();
	});

	it("is not a browser of another engine", () => {
		const tab = { capabilities, engine: "chromium-156-x86_64" };
		expect(unmetNeed(tab, { engine: "chromium" })).toBeUndefined();
		expect(unmetNeed(tab, { engine: "chromium-156" })).toBeUndefined();
		expect(unmetNeed(tab, { engine: "chromium-15" })).toBe(
			"the engine chromium-15",
		);
		expect(unmetNeed({ capabilities }, { engine: "safari" })).toBe(
			"the engine safari",
		);
		expect(unmetNeed(machine, { engine: "safari" })).toBeUndefined();
	});

	it("is a GPU only where it says so", () => {
		const plain = { ...machine, gpus: 0 };
		expect(unmetNeed(plain, { gpu: true })).toBe("a GPU");
		expect(unmetNeed(plain, { gpu: { memoryBytes: 1 } })).toBe("a GPU");
		expect(unmetNeed(plain, { gpu: false })).toBeUndefined();
		expect([undefined, {}, { gpu: false }].some(wantsGpu)).toBe(false);
		expect([{ gpu: true }, { gpu: { memoryBytes: 1 } }].every(wantsGpu)).toBe(
			true,
		);
	});

	it("counts the calls under way that the report does not show", () => {
		const needs = { memoryBytes: 3e9 };
		expect(unmetNeed(machine, needs, 1)).toBeUndefined();
		expect(unmetNeed(machine, needs, 2)).toBe("3 GB of free memory");
		expect(unmetNeed(machine, { gpu: { memoryBytes: 2e9 } }, 3)).toMatch("GPU");
		expect(unmetNeed(machine, { cpu: 8, gpu: true }, 100)).toBeUndefined();
	});

	it("is met by a node of which nothing is known", () => {
		expect(
			unmetNeed({}, { gpu: true, memoryBytes: 1e12, cpu: 1e3 }),
		).toBeUndefined();
	});
});
