import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Determinism } from "../protocol/provider.js";
import type { Duration } from "./duration.js";
import type { MemorySize } from "./memory-size.js";

/** One schema for each argument, in order; or a schema for the only one. */
export type InputSchemas = StandardSchemaV1 | readonly StandardSchemaV1[];

/** What a node must have free to run a function. */
export interface ResourceNeeds {
	/** A GPU, with that much memory of its own where that matters. */
	readonly gpu?: boolean | { readonly memory: MemorySize } | undefined;
	readonly memory?: MemorySize | undefined;
	/** Number of cores; 0.5 is half of one. */
	readonly cpu?: number | undefined;
	/** WebGPU, in a tab. */
	readonly webgpu?: boolean | undefined;
	/** WebAssembly with vector instructions. */
	readonly simd?: boolean | undefined;
	/** Engine of a donor's browser: "chromium", "firefox" or "safari", with a major version or without: "chromium-140". */
	readonly engine?: string | undefined;
}

/** What can be said of a function beside its code. Every option is enforced; an unknown one is refused. */
export interface FunctionOptions {
	/** Another name than that of its export. */
	readonly name?: string | undefined;
	/** For people, in listings and documentation. */
	readonly description?: string | undefined;
	/** By which callers choose among providers. */
	readonly tags?: readonly string[] | undefined;
	/** Of the function; part of what its cached results are kept under. */
	readonly version?: string | undefined;
	/** Standard Schema (zod, valibot, arktype) of the arguments: checked, and replaced by what it makes of them. */
	readonly input?: InputSchemas | undefined;
	/** Standard Schema of the result; of each item, where the function is a generator. */
	readonly output?: StandardSchemaV1 | undefined;
	/** Longest run. */
	readonly timeout?: Duration | undefined;
	/** Most calls at once on one node. */
	readonly concurrency?: number | undefined;
	/** Running it twice does no harm, so a failed call may be tried again. */
	readonly idempotent?: boolean | undefined;
	/** Whether anonymous callers are refused; true unless said otherwise. */
	readonly authRequired?: boolean | undefined;
	/** Whether those without a grant see that it exists; false unless said otherwise. */
	readonly public?: boolean | undefined;
	/** Keeps results for this long, by function, version, arguments and caller. */
	readonly cache?: { readonly ttl: Duration } | undefined;
	readonly resources?: ResourceNeeds | undefined;
	/**
	 * Of a published function: where it gives the same result for the same arguments, so that results of different donors
	 * can be compared. `exact` everywhere, `engine` in one major version of one engine (`Math.exp` differs between them),
	 * `tolerance` everywhere but for rounding, `none`, the default, nowhere: then nothing is compared.
	 */
	readonly deterministic?: Determinism | undefined;
	/** With `tolerance`: how far numbers may be apart, relative to the larger; 1e-9 unless said otherwise. */
	readonly tolerance?: number | undefined;
	/** Runs beside the node's own work, or in a worker thread, which suits what computes for long. */
	readonly isolate?: "inline" | "worker" | undefined;
}
