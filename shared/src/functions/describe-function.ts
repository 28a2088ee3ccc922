import type { AnnouncedNeeds } from "../protocol/node-resources.js";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { parseDuration } from "./duration.js";
import type { FunctionOptions, ResourceNeeds } from "./function-options.js";
import { type JsonSchema, jsonSchemaOf } from "./json-schema.js";
import { movedSchema } from "./moved-schema.js";
import { parseMemorySize } from "./memory-size.js";

/** A function, as far as its description goes. */
export interface Describable {
	readonly name: string;
	readonly options: FunctionOptions;
	readonly stream: boolean;
}

/** What a node announces about a function: plain data, with JSON Schemas where the schemas' library can tell them. */
export function describeFunction({
	name,
	options,
	stream,
}: Describable): FunctionDescriptor {
	const { timeout, cache, resources } = options;
	return {
		name,
		public: options.public === true,
		authRequired: options.authRequired !== false,
		idempotent: options.idempotent === true,
		stream,
		...defined({
			description: options.description,
			tags: options.tags === undefined ? undefined : [...options.tags],
			version: options.version,
			timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
			concurrency: options.concurrency,
			cacheTtlMs: cache === undefined ? undefined : parseDuration(cache.ttl),
			deterministic: options.deterministic,
			tolerance: options.tolerance,
			resources: resources === undefined ? undefined : needs(resources),
			input: inputSchema(options),
			output: options.output && jsonSchemaOf(options.output, "output"),
		}),
	};
}

function needs({
	gpu,
	memory,
	cpu,
	webgpu,
	simd,
	engine,
}: ResourceNeeds): AnnouncedNeeds {
	return defined({
		gpu:
			typeof gpu === "object"
				? { memoryBytes: parseMemorySize(gpu.memory) }
				: gpu,
		memoryBytes: memory === undefined ? undefined : parseMemorySize(memory),
		cpu,
		webgpu,
		simd,
		engine,
	});
}

/** The arguments as one array; undefined if nothing is known of any of them. */
function inputSchema({ input }: FunctionOptions): JsonSchema | undefined {
	if (input === undefined) return undefined;
	const schemas = "~standard" in input ? [input] : input;
	const items = schemas.map((schema) => jsonSchemaOf(schema, "input") ?? {});
	if (items.every((item) => Object.keys(item).length === 0)) return undefined;
	const required = schemas.findLastIndex((schema) => !takesNothing(schema)) + 1;
	return {
		type: "array",
		prefixItems: items.map((item, index) =>
			movedSchema(item, `/prefixItems/${index}`),
		),
		minItems: required,
		maxItems: items.length,
	};
}

/** Whether an argument may be left out. A schema that takes its time to say so counts as one that wants it. */
function takesNothing(schema: StandardSchemaV1): boolean {
	try {
		const verdict = schema["~standard"].validate(undefined);
		return !(verdict instanceof Promise) && verdict.issues === undefined;
	} catch {
		return false;
	}
}

/** The fields that are not undefined. */
function defined<T extends object>(
	fields: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined),
	) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
