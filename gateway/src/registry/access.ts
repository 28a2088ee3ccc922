import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { mayCall as isGranted } from "@easyremote/shared/security";
import type { Principal } from "../auth/principal.js";

/** Stands for whoever donates, where a published function is asked about and no node. */
export const ANY_NODE = "";

/** Whether a principal may call a function at a node: one that asks for no credential is open to everybody let in. */
export function mayCall(
	principal: Principal,
	nodeId: string,
	{ name, authRequired }: FunctionDescriptor,
): boolean {
	return !authRequired || isGranted(principal.grants, nodeId, name);
}

/** Whether a principal is told that a function exists. One it may call but not see has to be known by name. */
export function maySee(
	principal: Principal,
	nodeId: string,
	descriptor: FunctionDescriptor,
): boolean {
	return (
		descriptor.public || isGranted(principal.grants, nodeId, descriptor.name)
	);
}
