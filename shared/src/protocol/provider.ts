import { list, object, optional } from "../shapes/composed.js";
import {
	boolean,
	number,
	numberFrom,
	oneOf,
	type Shaped,
	textUpTo,
	unknown,
	wholeNumber,
} from "../shapes/shape.js";
import { capabilities, nodeLoad, resourceNeeds } from "./node-resources.js";
import { functionName, name, text } from "./wire-types.js";

/** Where a function gives the same result for the same arguments, from the strictest on. */
export const DETERMINISM = ["exact", "engine", "tolerance", "none"] as const;
export type Determinism = (typeof DETERMINISM)[number];

/** What a node announces about one function. */
export const functionDescriptor = object({
	/** "bundle@version/name" for a published function at a donor. */
	name: functionName,
	description: optional(text),
	tags: optional(list(text, 64)),
	version: optional(text),
	/** Seen by those without a grant. */
	public: boolean,
	/** Refused to anonymous callers. */
	authRequired: boolean,
	/** Running it twice does no harm, so it may be retried. */
	idempotent: boolean,
	/** Known to be a generator. A function that returns one without being one is found out when it runs. */
	stream: boolean,
	timeoutMs: optional(number),
	concurrency: optional(number),
	cacheTtlMs: optional(number),
	/**
	 * Where the same arguments give the same result: `exact` everywhere, `engine` in one major version of one engine on one
	 * architecture, `tolerance` everywhere but for rounding, `none` (or absent) nowhere. Results of the first three from
	 * donors are compared.
	 */
	deterministic: optional(oneOf(...DETERMINISM)),
	/** With `tolerance`: how far numbers may be apart, relative to the larger. */
	tolerance: optional(numberFrom(0)),
	/** At a donor: its code is there already. */
	cached: optional(boolean),
	/** What a node must have to run it: others are not offered. */
	resources: optional(resourceNeeds),
	/** JSON Schema of the arguments, as an array. */
	input: optional(unknown),
	/** JSON Schema of the result. */
	output: optional(unknown),
});

/** The ways that sessions with a node take now, and why not all of them are direct. */
export const pathCounts = object({
	direct: wholeNumber(),
	relay: wholeNumber(),
	/** Why the latest attempt at a direct path failed, in the node's words, for people. */
	reason: optional(textUpTo(500)),
});

/** A node, with those of its functions that the asking principal may use. */
export const provider = object({
	nodeId: name,
	kind: oneOf("compute", "tab", "donor"),
	state: oneOf("online", "degraded", "draining"),
	tags: list(text),
	/** Accepts WebRTC. */
	direct: boolean,
	load: nodeLoad,
	/** Counts its reports of load, so that one that says the same as the last is known to be new. */
	loadRevision: optional(number),
	/** Share in use, 0–1, where the node reports it. */
	cpuUsage: optional(number),
	memoryUsage: optional(number),
	cpuCount: optional(number),
	memoryBytes: optional(number),
	/** Number of GPUs. */
	gpus: optional(number),
	/** Share of all GPUs' memory in use, 0–1. */
	gpuUsage: optional(number),
	/** Most free memory on one GPU, bytes. */
	gpuFreeBytes: optional(number),
	/** Round trip gateway ↔ node, ms. */
	latencyMs: optional(number),
	/** Engine, its major version and the architecture, such as "chromium-156-x86_64": results are compared within one. */
	engine: optional(text),
	/** What a donor can do. */
	capabilities: optional(capabilities),
	/** Of a donor: who it is, whatever its node id. */
	donor: optional(
		object({
			/** Thumbprint of its key. */
			id: text,
			/** Its results are taken without comparing. */
			trusted: boolean,
			/** How many of its results in a row were found valid, as far as the asking principal is concerned. */
			validInRow: wholeNumber(),
		}),
	),
	/** In a `listing` only. */
	paths: optional(pathCounts),
	functions: list(functionDescriptor),
});

export type FunctionDescriptor = Shaped<typeof functionDescriptor>;
export type PathCounts = Shaped<typeof pathCounts>;
export type Provider = Shaped<typeof provider>;
