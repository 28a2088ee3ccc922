import type {
	FunctionDescriptor,
	RouteQuery,
} from "@easyremote/shared/protocol";
import { hasTags } from "@easyremote/shared/routing";
import type { Inventory } from "./inventory.js";
import type { NodeEntry } from "./node-entry.js";

/** The nodes that a query is about, whatever they offer. */
export function matching(
	{ nodes }: Pick<Inventory, "nodes">,
	{ node, tags }: RouteQuery,
): readonly NodeEntry[] {
	if (node === undefined)
		return [...nodes.values()].filter((each) => hasTags(each, tags));
	const only = nodes.get(node);
	return only && hasTags(only, tags) ? [only] : [];
}

/** Of a node's functions the one of that name, or all. */
export function asked(
	node: NodeEntry,
	name: string | undefined,
): readonly FunctionDescriptor[] {
	if (name === undefined) return [...node.functions.values()];
	const only = node.functions.get(name);
	return only ? [only] : [];
}
