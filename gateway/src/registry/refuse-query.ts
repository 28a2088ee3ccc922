import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { RouteQuery } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import { ANY_NODE, mayCall, maySee } from "./access.js";
import type { Inventory } from "./inventory.js";
import { asked, matching } from "./matching-nodes.js";
import {
	noDonor,
	notAllowed,
	notEquipped,
	notFound,
	notOnline,
} from "./route-refusal.js";

/**
 * Why nobody can be called for a query. Pure.
 *
 * @param lack what those who offer it do not have, where there are any
 */
export function refuseQuery(
	inventory: Inventory,
	query: RouteQuery,
	principal: Principal,
	lack: string | undefined,
): EasyRemoteError {
	if (lack !== undefined) return notEquipped(query, lack);
	return (
		refusePublished(inventory, query, principal) ??
		refuseOffered(inventory, query, principal)
	);
}

/** Of what is published it is known whether it exists, donors or not. */
function refusePublished(
	{ published }: Inventory,
	query: RouteQuery,
	principal: Principal,
): EasyRemoteError | undefined {
	const { function: name, node } = query;
	if (name === undefined || node !== undefined) return undefined;
	const descriptor = published.resolve(name);
	if (!descriptor) return undefined;
	if (mayCall(principal, ANY_NODE, descriptor)) return noDonor(query);
	const seen = new Set(published.visibleNames(principal)).has(name);
	return seen ? notAllowed(query, principal) : undefined;
}

function refuseOffered(
	inventory: Inventory,
	query: RouteQuery,
	principal: Principal,
): EasyRemoteError {
	let seen = false;
	for (const node of matching(inventory, query))
		for (const each of asked(node, query.function)) {
			if (mayCall(principal, node.nodeId, each)) return notOnline(query);
			seen ||= maySee(principal, node.nodeId, each);
		}
	return seen
		? notAllowed(query, principal)
		: notFound(query, visibleNames(inventory, query, principal));
}

function visibleNames(
	{ nodes, published }: Inventory,
	query: RouteQuery,
	principal: Principal,
) {
	const visible = { functions: new Set<string>(), nodes: new Set<string>() };
	for (const node of nodes.values())
		for (const each of node.functions.values()) {
			if (!maySee(principal, node.nodeId, each)) continue;
			visible.nodes.add(node.nodeId);
			if (query.node === undefined || query.node === node.nodeId)
				visible.functions.add(each.name);
		}
	if (query.node === undefined)
		for (const name of published.visibleNames(principal))
			visible.functions.add(name);
	return visible;
}
