import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";

/** A function that may be called, with the nodes that offer it. */
export type FunctionInfo = FunctionDescriptor & {
	readonly nodes: readonly string[];
};

/** A node that may be called, with those of its functions that may be. */
export type NodeInfo = Omit<Provider, "nodeId"> & { readonly id: string };

/** Functions by name; where nodes differ in what they say of one, the first is believed. */
export function listFunctions(
	providers: readonly Provider[],
): readonly FunctionInfo[] {
	const byName = new Map<string, FunctionDescriptor & { nodes: string[] }>();
	for (const { nodeId, functions } of providers) {
		for (const descriptor of functions) {
			const known = byName.get(descriptor.name);
			if (known) known.nodes.push(nodeId);
			else byName.set(descriptor.name, { ...descriptor, nodes: [nodeId] });
		}
	}
	return [...byName.values()].sort((a, b) => compare(a.name, b.name));
}

/** Nodes by id. */
export function listNodes(providers: readonly Provider[]): readonly NodeInfo[] {
	return providers
		.map(({ nodeId, ...rest }) => ({ id: nodeId, ...rest }))
		.sort((a, b) => compare(a.id, b.id));
}

/** The same order everywhere, whatever the machine's language. */
function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
