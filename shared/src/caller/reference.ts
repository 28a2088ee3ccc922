import { EasyRemoteError } from "../errors/easyremote-error.js";
import { NAME_PATTERN } from "../protocol/wire-types.js";
import type { CallTarget } from "./call-request.js";

/**
 * Reads what users write for a function: "node.function", or "function" for any node that offers it.
 * Throws INVALID_ARGUMENT.
 */
export function parseReference(reference: string): CallTarget {
	const parts = reference.split(".");
	const [first, second] = parts;
	const valid =
		parts.length <= 2 && parts.every((part) => NAME_PATTERN.test(part));
	if (!valid || first === undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"${reference.slice(0, 200)}" is not a reference to a function`,
			{ hint: 'write "node.function", or "function" for any node' },
		);
	}
	return second === undefined
		? { function: first }
		: { node: first, function: second };
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
