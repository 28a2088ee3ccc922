import {
	collectFunctions,
	describeFunction,
	type FunctionOptions,
} from "@easyremote/shared/functions";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { FunctionDefaults } from "./function-defaults.js";

/**
 * What is published of a module's exports. Published functions are `idempotent` unless they say otherwise, since donors
 * leave in mid-call. Throws INVALID_ARGUMENT for an invalid name or option.
 */
export function describedFunctions(
	module: object,
	{ deterministic, resources }: FunctionDefaults,
): FunctionDescriptor[] {
	return collectFunctions(module).map(({ name, options, stream }) => {
		const needs = { ...resources, ...options.resources };
		const settled: FunctionOptions = {
			...options,
			idempotent: options.idempotent ?? true,
			deterministic: options.deterministic ?? deterministic,
			resources: Object.keys(needs).length === 0 ? undefined : needs,
		};
		return describeFunction({ name, options: settled, stream });
	});
}
