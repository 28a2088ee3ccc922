import * as v from "valibot";
import { text } from "./wire-types.js";

/** How busy a node is: said in `hello`, and renewed in `heartbeat`. */
export const nodeLoad = v.object({
	running: v.number(),
	queued: v.number(),
	maxConcurrent: v.number(),
});

/** What a node's machine has, and how much of it is in use; said with the load. */
export const nodeResources = v.object({
	cpuCount: v.number(),
	/** Share of CPU in use, 0–1. */
	cpuUsage: v.number(),
	memoryBytes: v.number(),
	/** Share of memory in use, 0–1. */
	memoryUsage: v.number(),
	gpus: v.pipe(
		v.array(
			v.object({
				name: text,
				memoryBytes: v.number(),
				memoryUsage: v.number(),
			}),
		),
		v.maxLength(64),
	),
});

/** What a node must have to run a function, as it announces it. */
export const resourceNeeds = v.object({
	/** A GPU; with that much free memory of its own, bytes. */
	gpu: v.optional(
		v.union([
			v.boolean(),
			v.object({ memoryBytes: v.pipe(v.number(), v.minValue(0)) }),
		]),
	),
	/** Free memory, bytes. */
	memoryBytes: v.optional(v.pipe(v.number(), v.minValue(0))),
	/** CPU cores, busy or not. */
	cpu: v.optional(v.pipe(v.number(), v.minValue(0))),
	/** WebGPU, in a tab. */
	webgpu: v.optional(v.boolean()),
	/** WebAssembly with vector instructions. */
	simd: v.optional(v.boolean()),
	/** Engine of a donor's browser, or the beginning of its class: "chromium", "firefox-140". */
	engine: v.optional(text),
});

/** What a donor's browser can do, and what its owner lets others use of it. */
export const capabilities = v.object({
	/** Its owner allows the GPU, and there is one. */
	webgpu: v.boolean(),
	simd: v.boolean(),
	/** Most memory a function may ask for, bytes. */
	memoryBytes: v.pipe(v.number(), v.minValue(0)),
	/** Cores lent. */
	cores: v.pipe(v.number(), v.minValue(0)),
});

export type NodeLoad = v.InferOutput<typeof nodeLoad>;
export type NodeResources = v.InferOutput<typeof nodeResources>;
export type Capabilities = v.InferOutput<typeof capabilities>;
export type AnnouncedNeeds = v.InferOutput<typeof resourceNeeds>;
