import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionDescriptor, Provider } from "../protocol/provider.js";
import { NAME_PATTERN } from "../protocol/wire-types.js";
import { bundleFunctionName, parseRef } from "../security/function-ref.js";
import type { CallTarget } from "./call-request.js";

/**
 * Reads what users write for a function: "node.function", "function" for any node that offers it, "bundle/function" or
 * "bundle@version/function" for a published one. Throws INVALID_ARGUMENT.
 */
export function parseReference(reference: string): CallTarget {
	const ref = parseRef(reference);
	switch (ref.kind) {
		case "any":
			return { function: ref.function };
		case "node":
			return { node: ref.node, function: ref.function };
		case "bundle":
			return {
				function: bundleFunctionName(ref.bundle, ref.version, ref.function),
			};
		default:
			return ref satisfies never;
	}
}

/** The function asked for, as a provider offers it: who asks for the newest version of a bundle is offered that version. */
export function offeredBy(
	{ functions }: Pick<Provider, "functions">,
	{ function: asked }: CallTarget,
): FunctionDescriptor | undefined {
	return asked.includes("/")
		? functions[0]
		: functions.find(({ name }) => name === asked);
}

/** What it is called there. */
export function nameAt(
	{ functions: [offered] }: Pick<Provider, "functions">,
	{ function: asked }: CallTarget,
): string {
	return asked.includes("/") && offered ? offered.name : asked;
}

/** Checks the id of a node. Throws INVALID_ARGUMENT. */
export function checkNodeId(nodeId: string): string {
	if (NAME_PATTERN.test(nodeId)) return nodeId;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${nodeId.slice(0, 200)}" is not the id of a node`,
		{
			hint: "letters, digits, _ and -, at most 64, not beginning with a digit",
		},
	);
}
