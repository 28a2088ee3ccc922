import type { CallContext } from "./call-context.js";
import type { FunctionOptions } from "./function-options.js";

/** A function that takes its call first, with whatever arguments. */
export type Handler = (call: CallContext, ...args: unknown[]) => unknown;

/** What `define` put together. */
export interface FunctionDefinition {
	readonly options: FunctionOptions;
	readonly handler: Handler;
}

/** Where a defined function keeps its definition: registered, so that two copies of this package understand each other. */
export const DEFINITION: unique symbol = Symbol.for("easyremote.definition");

/** A function with options. Called like any other function, with the caller's arguments. */
export interface DefinedFunction<Args extends readonly unknown[], Result> {
	(...args: Args): Result;
	readonly [DEFINITION]: FunctionDefinition;
}

/** The definition of a function; undefined for a plain one. */
export function definitionOf(
	candidate: object,
): FunctionDefinition | undefined {
	const found: unknown = Reflect.get(candidate, DEFINITION);
	return isDefinition(found) ? found : undefined;
}

function isDefinition(value: unknown): value is FunctionDefinition {
	return (
		typeof value === "object" &&
		value !== null &&
		"handler" in value &&
		typeof value.handler === "function" &&
		"options" in value
	);
}
