import * as v from "valibot";
import { capabilities, nodeLoad, resourceNeeds } from "./node-resources.js";
import { functionName, name, text } from "./wire-types.js";

/** Where a function gives the same result for the same arguments, from the strictest on. */
export const DETERMINISM = ["exact", "engine", "tolerance", "none"] as const;
export type Determinism = (typeof DETERMINISM)[number];

/** What a node announces about one function. */
export const functionDescriptor = v.object({
	/** "bundle@version/name" for a published function at a donor. */
	name: functionName,
	description: v.optional(text),
	tags: v.optional(v.pipe(v.array(text), v.maxLength(64))),
	version: v.optional(text),
	/** Seen by those without a grant. */
	public: v.boolean(),
	/** Refused to anonymous callers. */
	authRequired: v.boolean(),
	/** Running it twice does no harm, so it may be retried. */
	idempotent: v.boolean(),
	/** Known to be a generator. A function that returns one without being one is found out when it runs. */
	stream: v.boolean(),
	timeoutMs: v.optional(v.number()),
	concurrency: v.optional(v.number()),
	cacheTtlMs: v.optional(v.number()),
	/**
	 * Where the same arguments give the same result: `exact` everywhere, `engine` in one major version of one engine on one
	 * architecture, `tolerance` everywhere but for rounding, `none` (or absent) nowhere. Results of the first three from
	 * donors are compared.
	 */
	deterministic: v.optional(v.picklist(DETERMINISM)),
	/** With `tolerance`: how far numbers may be apart, relative to the larger. */
	tolerance: v.optional(v.pipe(v.number(), v.minValue(0))),
	/** At a donor: its code is there already. */
	cached: v.optional(v.boolean()),
	/** What a node must have to run it: others are not offered. */
	resources: v.optional(resourceNeeds),
	/** JSON Schema of the arguments, as an array. */
	input: v.optional(v.unknown()),
	/** JSON Schema of the result. */
	output: v.optional(v.unknown()),
});

/** The ways that sessions with a node take now, and why not all of them are direct. */
export const pathCounts = v.object({
	direct: v.pipe(v.number(), v.integer(), v.minValue(0)),
	relay: v.pipe(v.number(), v.integer(), v.minValue(0)),
	/** Why the latest attempt at a direct path failed, in the node's words, for people. */
	reason: v.optional(v.pipe(v.string(), v.maxLength(500))),
});

/** A node, with those of its functions that the asking principal may use. */
export const provider = v.object({
	nodeId: name,
	kind: v.picklist(["compute", "tab", "donor"]),
	state: v.picklist(["online", "degraded", "draining"]),
	tags: v.array(text),
	/** Accepts WebRTC. */
	direct: v.boolean(),
	load: nodeLoad,
	/** Counts its reports of load, so that one that says the same as the last is known to be new. */
	loadRevision: v.optional(v.number()),
	/** Share in use, 0–1, where the node reports it. */
	cpuUsage: v.optional(v.number()),
	memoryUsage: v.optional(v.number()),
	cpuCount: v.optional(v.number()),
	memoryBytes: v.optional(v.number()),
	/** Number of GPUs. */
	gpus: v.optional(v.number()),
	/** Share of all GPUs' memory in use, 0–1. */
	gpuUsage: v.optional(v.number()),
	/** Most free memory on one GPU, bytes. */
	gpuFreeBytes: v.optional(v.number()),
	/** Round trip gateway ↔ node, ms. */
	latencyMs: v.optional(v.number()),
	/** Engine, its major version and the architecture, such as "chromium-156-x86_64": results are compared within one. */
	engine: v.optional(text),
	/** What a donor can do. */
	capabilities: v.optional(capabilities),
	/** Of a donor: who it is, whatever its node id. */
	donor: v.optional(
		v.object({
			/** Thumbprint of its key. */
			id: text,
			/** Its results are taken without comparing. */
			trusted: v.boolean(),
			/** How many of its results in a row were found valid, as far as the asking principal is concerned. */
			validInRow: v.pipe(v.number(), v.integer(), v.minValue(0)),
		}),
	),
	/** In a `listing` only. */
	paths: v.optional(pathCounts),
	functions: v.array(functionDescriptor),
});

export type FunctionDescriptor = v.InferOutput<typeof functionDescriptor>;
export type PathCounts = v.InferOutput<typeof pathCounts>;
export type Provider = v.InferOutput<typeof provider>;
