import { EasyRemoteError } from "../errors/easyremote-error.js";
import { DETERMINISM } from "../protocol/provider.js";
import { NAME_PATTERN } from "../protocol/wire-types.js";
import { type Duration, parseDuration } from "./duration.js";
import type { FunctionOptions } from "./function-options.js";
import { type MemorySize, parseMemorySize } from "./memory-size.js";

/** Says what is wrong with an option's value; undefined if nothing is. */
type Check = (value: unknown) => string | undefined;

const LONGEST_TEXT = 8_192;
const MOST_TAGS = 64;

const text: Check = (value) =>
	typeof value === "string" && value.length <= LONGEST_TEXT
		? undefined
		: `a string of at most ${LONGEST_TEXT} characters`;

const flag: Check = (value) =>
	typeof value === "boolean" ? undefined : "true or false";

const duration: Check = (value) =>
	holds(() => parseDuration(value as Duration) > 0)
		? undefined
		: 'a duration over 0, as 500 (ms) or "30s"';

const memory: Check = (value) =>
	holds(() => parseMemorySize(value as MemorySize) > 0)
		? undefined
		: 'an amount of memory over 0, as "8GB"';

const schema: Check = (value) =>
	isSchema(value) ? undefined : "a Standard Schema (zod, valibot, arktype)";

const CHECKS: Readonly<Record<keyof FunctionOptions, Check>> = {
	name: (value) =>
		typeof value === "string" && NAME_PATTERN.test(value)
			? undefined
			: "a name: letters, digits, _ and -, at most 64, not beginning with a digit",
	description: text,
	version: text,
	tags: (value) =>
		Array.isArray(value) &&
		value.length <= MOST_TAGS &&
		value.every((tag) => text(tag) === undefined)
			? undefined
			: `an array of at most ${MOST_TAGS} strings`,
	input: (value) =>
		(Array.isArray(value) ? value : [value]).every(isSchema)
			? undefined
			: "a Standard Schema (zod, valibot, arktype), or an array of one for each argument",
	output: schema,
	timeout: duration,
	concurrency: (value) =>
		Number.isInteger(value) && (value as number) > 0
			? undefined
			: "a whole number over 0",
	idempotent: flag,
	authRequired: flag,
	public: flag,
	cache: group({ ttl: duration }, ["ttl"]),
	resources: group({
		memory,
		cpu: (value) =>
			typeof value === "number" && value > 0 && Number.isFinite(value)
				? undefined
				: "a number of cores over 0",
		gpu: (value) =>
			typeof value === "boolean"
				? undefined
				: group({ memory }, ["memory"])(value),
		webgpu: flag,
		simd: flag,
		engine: (value) =>
			typeof value === "string" && /^[a-z]{1,32}(-\d{1,5})?$/.test(value)
				? undefined
				: 'the name of an engine, as "chromium" or "chromium-140"',
	}),
	deterministic: (value) =>
		DETERMINISM.some((known) => known === value)
			? undefined
			: `one of ${DETERMINISM.join(", ")}`,
	tolerance: (value) =>
		typeof value === "number" && value >= 0 && value < 1
			? undefined
			: "a number from 0 to less than 1",
	isolate: (value) =>
		value === "inline" || value === "worker"
			? undefined
			: '"inline" or "worker"',
};

/**
 * Throws INVALID_ARGUMENT, naming the option, for one that is unknown or has a value it cannot have: every option is
 * enforced, or does not exist.
 */
export function checkOptions(
	options: unknown,
	functionName: string,
): asserts options is FunctionOptions {
	if (!isRecord(options)) {
		throw invalid(
			`the options of function "${functionName}" must be an object`,
		);
	}
	for (const [key, value] of Object.entries(options)) {
		const check = own(CHECKS, key);
		if (check === undefined) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`unknown option "${key}" of function "${functionName}"`,
				{ hint: `there are ${Object.keys(CHECKS).join(", ")}` },
			);
		}
		const wanted = value === undefined ? undefined : check(value);
		if (wanted !== undefined) {
			throw invalid(
				`option "${key}" of function "${functionName}" must be ${wanted}`,
			);
		}
	}
}

/** An object with these options in it, of which some are required. */
function group(
	checks: Readonly<Record<string, Check>>,
	required: readonly string[] = [],
): Check {
	const names = Object.keys(checks).join(", ");
	return (value) => {
		if (!isRecord(value)) return `an object with ${names}`;
		for (const [key, inner] of Object.entries(value)) {
			const check = own(checks, key);
			if (check === undefined) return `an object with ${names}, not "${key}"`;
			const wanted = inner === undefined ? undefined : check(inner);
			if (wanted !== undefined) return `an object whose "${key}" is ${wanted}`;
		}
		const missing = required.find((key) => value[key] === undefined);
		return missing === undefined ? undefined : `an object with "${missing}"`;
	};
}

function isSchema(value: unknown): boolean {
	if ((typeof value !== "object" && typeof value !== "function") || !value)
		return false;
	const standard: unknown = Reflect.get(value, "~standard");
	return isRecord(standard) && typeof standard["validate"] === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own<T>(
	table: Readonly<Record<string, T>>,
	key: string,
): T | undefined {
	return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Whether a condition is true, and its check does not throw. */
function holds(condition: () => boolean): boolean {
	try {
		return condition();
	} catch {
		return false;
	}
}

function invalid(message: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", message);
}
