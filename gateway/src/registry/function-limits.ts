import { EasyRemoteError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { NodeEntry } from "./node-entry.js";

/** How much of functions one node may have. */
export type FunctionLimits = Pick<
	GatewayLimits,
	"maxFunctionsPerNode" | "maxFunctionBytesPerNode"
>;

/** Throws RESOURCE_EXHAUSTED if with these functions a node would have more than it may. */
export function checkFunctions(
	node: NodeEntry,
	functions: readonly FunctionDescriptor[],
	{ maxFunctionsPerNode, maxFunctionBytesPerNode }: FunctionLimits,
): void {
	let count = 0;
	let bytes = 0;
	for (const each of node.functionsWith(functions)) {
		count += 1;
		bytes += sizeOf(each);
	}
	if (count > maxFunctionsPerNode)
		throw tooMuch(
			`node ${node.nodeId} offers more than ${maxFunctionsPerNode} functions`,
			maxFunctionsPerNode,
		);
	if (bytes > maxFunctionBytesPerNode)
		throw tooMuch(
			`the functions of node ${node.nodeId} take more than ${maxFunctionBytesPerNode} bytes with their descriptions and schemas`,
			maxFunctionBytesPerNode,
		);
}

/** Descriptors do not change, and a node that adds functions one by one must not cost us all of them each time. */
const sizes = new WeakMap<FunctionDescriptor, number>();

function sizeOf(descriptor: FunctionDescriptor): number {
	const known = sizes.get(descriptor);
	if (known !== undefined) return known;
	const size = Buffer.byteLength(JSON.stringify(descriptor));
	sizes.set(descriptor, size);
	return size;
}

function tooMuch(message: string, limit: number): EasyRemoteError {
	return new EasyRemoteError("RESOURCE_EXHAUSTED", message, {
		retryable: false,
		details: { limit },
	});
}
