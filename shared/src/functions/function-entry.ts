import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { NAME_PATTERN } from "../protocol/wire-types.js";
import type { CallContext } from "./call-context.js";
import { checkOptions } from "./check-options.js";
import { checkItems } from "./checked-result.js";
import { definitionOf } from "./definition.js";
import { describeFunction } from "./describe-function.js";
import type { FunctionOptions } from "./function-options.js";
import { isGeneratorFunction } from "./function-kind.js";

/** Any function at all. */
export type AnyFunction = (...args: never[]) => unknown;

/** A function as a node serves it. */
export interface FunctionEntry {
	readonly name: string;
	/** As given, checked. */
	readonly options: FunctionOptions;
	/** What the node announces of it. */
	readonly descriptor: FunctionDescriptor;
	/** Written as a generator. One that only returns a stream is found out when it runs. */
	readonly stream: boolean;
	/** Longest run, ms; undefined leaves it to the node. */
	readonly timeoutMs: number | undefined;
	/** Made by `define`: it is told of its call. */
	readonly takesContext: boolean;
	/**
	 * Runs it with arguments that have been validated. Gives what it gives: a value, a promise of one, or a stream,
	 * whose items have passed the output schema; a value has yet to (`validateResult`).
	 */
	readonly invoke: (call: CallContext, args: readonly unknown[]) => unknown;
}

/**
 * Makes the entry of one function, plain or made by `define`. `options` take precedence over those it was defined with,
 * and their `name` over `name`. Throws INVALID_ARGUMENT for an invalid name or option.
 */
export function functionEntry(
	name: string,
	callee: AnyFunction,
	options: FunctionOptions = {},
): FunctionEntry {
	checkOptions(options, name);
	const definition = definitionOf(callee);
	const merged = { ...definition?.options, ...options };
	const entry = {
		name: checkName(merged.name ?? name),
		options: merged,
		stream: isGeneratorFunction(definition?.handler ?? callee),
	};
	const descriptor = describeFunction(entry);
	const plain = callee as (...args: readonly unknown[]) => unknown;
	const run: FunctionEntry["invoke"] = definition
		? (call, args) => definition.handler(call, ...args)
		: (_call, args) => plain(...args);
	return {
		...entry,
		descriptor,
		timeoutMs: descriptor.timeoutMs,
		takesContext: definition !== undefined,
		invoke:
			merged.output === undefined
				? run
				: (call, args) => checkItems(entry, run(call, args)),
	};
}

function checkName(name: string): string {
	if (NAME_PATTERN.test(name)) return name;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		name === ""
			? "a function without a name cannot be registered"
			: `"${name.slice(0, 100)}" cannot be the name of a function`,
		{
			hint: "letters, digits, _ and -, at most 64, not beginning with a digit; set it with the option `name`",
		},
	);
}
