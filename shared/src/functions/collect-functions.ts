import {
	type AnyFunction,
	type FunctionEntry,
	functionEntry,
} from "./function-entry.js";
import type { FunctionOptions } from "./function-options.js";

/**
 * The functions among a module's exports, named by their keys. Classes, values and the default export are no functions
 * of a contract and are left out. `options` go for all of them. Throws INVALID_ARGUMENT for an invalid name.
 *
 * @example
 * import * as functions from "./functions.js";
 * for (const entry of collectFunctions(functions)) console.log(entry.name);
 */
export function collectFunctions(
	module: object,
	options?: Omit<FunctionOptions, "name">,
): FunctionEntry[] {
	const entries: FunctionEntry[] = [];
	for (const [key, value] of Object.entries(module) as [string, unknown][]) {
		if (key === "default" || !isPlainFunction(value)) continue;
		entries.push(functionEntry(key, value, options));
	}
	return entries;
}

/** A class is a function too, but cannot be called. */
function isPlainFunction(value: unknown): value is AnyFunction {
	return (
		typeof value === "function" &&
		!/^class\b/.test(Function.prototype.toString.call(value))
	);
}
