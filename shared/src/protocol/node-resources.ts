import { list, object, optional } from "../shapes/composed.js";
import {
	boolean,
	either,
	number,
	numberFrom,
	type Shaped,
} from "../shapes/shape.js";
import { text } from "./wire-types.js";

/** How busy a node is: said in `hello`, and renewed in `heartbeat`. */
export const nodeLoad = object({
	running: number,
	queued: number,
	maxConcurrent: number,
});

/** What a node's machine has, and how much of it is in use; said with the load. */
export const nodeResources = object({
	cpuCount: number,
	/** Share of CPU in use, 0–1. */
	cpuUsage: number,
	memoryBytes: number,
	/** Share of memory in use, 0–1. */
	memoryUsage: number,
	gpus: list(
		object({
			name: text,
			memoryBytes: number,
			memoryUsage: number,
		}),
		64,
	),
});

/** What a node must have to run a function, as it announces it. */
export const resourceNeeds = object({
	/** A GPU; with that much free memory of its own, bytes. */
	gpu: optional(either(boolean, object({ memoryBytes: numberFrom(0) }))),
	/** Free memory, bytes. */
	memoryBytes: optional(numberFrom(0)),
	/** CPU cores, busy or not. */
	cpu: optional(numberFrom(0)),
	/** WebGPU, in a tab. */
	webgpu: optional(boolean),
	/** WebAssembly with vector instructions. */
	simd: optional(boolean),
	/** Engine of a donor's browser, or the beginning of its class: "chromium", "firefox-140". */
	engine: optional(text),
});

/** What a donor's browser can do, and what its owner lets others use of it. */
export const capabilities = object({
	/** Its owner allows the GPU, and there is one. */
	webgpu: boolean,
	simd: boolean,
	/** Most memory a function may ask for, bytes. */
	memoryBytes: numberFrom(0),
	/** Cores lent. */
	cores: numberFrom(0),
});

export type NodeLoad = Shaped<typeof nodeLoad>;
export type NodeResources = Shaped<typeof nodeResources>;
export type Capabilities = Shaped<typeof capabilities>;
export type AnnouncedNeeds = Shaped<typeof resourceNeeds>;
