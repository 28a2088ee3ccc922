import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CallContext } from "./call-context.js";
import { checkOptions } from "./check-options.js";
import { checkResult, isThenable } from "./checked-result.js";
import {
	DEFINITION,
	type DefinedFunction,
	type FunctionDefinition,
	type Handler,
} from "./definition.js";
import { parseDuration } from "./duration.js";
import type { FunctionOptions, InputSchemas } from "./function-options.js";
import { isAsyncFunction, isGeneratorFunction } from "./function-kind.js";
import { localContext } from "./local-context.js";
import type {
	CallerArguments,
	CheckedResult,
	HandlerArguments,
	HandlerResult,
} from "./schema-types.js";
import { validateArguments } from "./validate.js";

type Schema = StandardSchemaV1 | undefined;

/** `FunctionOptions` in which the types of the schemas are kept. */
export type OptionsWith<Input, Output> = Omit<
	FunctionOptions,
	"input" | "output"
> & { readonly input?: Input; readonly output?: Output };

/**
 * Gives a function options, and its call as the first argument, which callers never see. The result is still a function
 * with the caller's arguments: called in its own process it checks them, and what it returns, just as a node does.
 * It returns a promise where a schema is asynchronous.
 * Throws INVALID_ARGUMENT that names an option which is unknown or invalid.
 *
 * @example
 * const resize = define(
 *   { input: [z.instanceof(Uint8Array), z.object({ width: z.number() })], timeout: "30s" },
 *   async (call, image, { width }) => shrink(image, width, call.signal),
 * );
 * await resize(bytes, { width: 64 });
 */
export function define<
	const Input extends InputSchemas,
	Result extends HandlerResult<Output>,
	Output extends Schema = undefined,
>(
	options: OptionsWith<Input, Output> & { readonly input: Input },
	handler: (call: CallContext, ...args: HandlerArguments<Input>) => Result,
): DefinedFunction<CallerArguments<Input>, CheckedResult<Result, Output>>;
/** Without `input` schemas: the arguments are those of the handler, and come unchecked. */
export function define<
	Args extends readonly unknown[],
	Result extends HandlerResult<Output>,
	Output extends Schema = undefined,
>(
	options: OptionsWith<undefined, Output>,
	handler: (call: CallContext, ...args: Args) => Result,
): DefinedFunction<Args, CheckedResult<Result, Output>>;
export function define(
	options: FunctionOptions,
	handler: Handler,
): DefinedFunction<readonly unknown[], unknown> {
	const name = options.name ?? handler.name;
	checkOptions(options, name === "" ? "(anonymous)" : name);
	const definition: FunctionDefinition = { options, handler };
	const timeoutMs =
		options.timeout === undefined ? undefined : parseDuration(options.timeout);
	const target = { name: name === "" ? "the function" : name, options };

	const run = (args: readonly unknown[]): unknown =>
		checkResult(target, handler(localContext(timeoutMs), ...args));

	const runChecked = (args: readonly unknown[]): unknown => {
		const checked = validateArguments(target, args);
		if (!isThenable(checked)) return run(checked);
		return isGeneratorFunction(handler)
			? streamLater(checked, run)
			: checked.then(run);
	};
	// What is written as asynchronous rejects, and never throws, for its arguments as well.
	const callLocally = isAsyncFunction(handler)
		? async (...args: readonly unknown[]) => runChecked(args)
		: (...args: readonly unknown[]) => runChecked(args);
	Object.defineProperty(callLocally, "name", { value: name });
	return Object.assign(callLocally, { [DEFINITION]: definition });
}

/** A generator's stream while its arguments are still being checked. */
async function* streamLater(
	args: Promise<readonly unknown[]>,
	run: (args: readonly unknown[]) => unknown,
): AsyncGenerator<unknown, unknown, undefined> {
	const stream = run(await args) as AsyncGenerator<unknown, unknown, undefined>;
	return yield* stream;
}
