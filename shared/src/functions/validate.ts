import type { StandardSchemaV1 } from "@standard-schema/spec";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import type { FunctionOptions } from "./function-options.js";
import { listIssues } from "./schema-issues.js";

/** A function whose schemas are asked. */
export interface Validated {
	readonly name: string;
	readonly options: Pick<FunctionOptions, "input" | "output">;
}

type SchemaResult = StandardSchemaV1.Result<unknown>;

/**
 * Checks arguments against the input schemas and gives what those make of them (defaults, conversions).
 * A promise only where a schema is asynchronous. Without schemas, arguments pass as they are.
 * Throws INVALID_ARGUMENT with `details.issues`, or rejects with it.
 */
export function validateArguments(
	target: Validated,
	args: readonly unknown[],
): readonly unknown[] | Promise<readonly unknown[]> {
	const { input } = target.options;
	if (input === undefined) return args;
	const schemas = isList(input) ? input : [input];
	if (args.length > schemas.length) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"${target.name}" takes at most ${schemas.length} arguments, not ${args.length}`,
		);
	}
	const results = schemas.map((schema, index) =>
		schema["~standard"].validate(args[index]),
	);
	return results.every(isSettled)
		? takeArguments(target, results)
		: Promise.all(results.map((result) => Promise.resolve(result))).then(
				(settled) => takeArguments(target, settled),
			);
}

/**
 * Checks a result, or one item of a stream, against the output schema and gives what that makes of it.
 * A promise only where the schema is asynchronous. Throws FUNCTION_ERROR with `details.issues`, or rejects with it:
 * the function broke its own promise.
 */
export function validateResult(target: Validated, value: unknown): unknown {
	const { output } = target.options;
	if (output === undefined) return value;
	const result = output["~standard"].validate(value);
	return isSettled(result)
		? takeResult(target, result)
		: result.then((settled) => takeResult(target, settled));
}

function takeArguments(
	target: Validated,
	results: readonly SchemaResult[],
): readonly unknown[] {
	const values: unknown[] = [];
	const found: { at: string; issues: readonly StandardSchemaV1.Issue[] }[] = [];
	for (const [index, result] of results.entries()) {
		if (result.issues) {
			found.push({ at: `args[${index}]`, issues: result.issues });
		} else values.push(result.value);
	}
	if (found.length === 0) return values;
	const { issues, summary } = listIssues(found);
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid arguments for "${target.name}": ${summary}`,
		{ details: { issues } },
	);
}

function takeResult(target: Validated, result: SchemaResult): unknown {
	if (!result.issues) return result.value;
	const { issues, summary } = listIssues([
		{ at: "result", issues: result.issues },
	]);
	throw new RemoteFunctionError(
		"InvalidResult",
		`"${target.name}" gave what its output schema refuses: ${summary}`,
		{ details: { issues } },
	);
}

function isSettled(
	result: SchemaResult | Promise<SchemaResult>,
): result is SchemaResult {
	return !("then" in result);
}

function isList<T>(input: T | readonly T[]): input is readonly T[] {
	return Array.isArray(input);
}
