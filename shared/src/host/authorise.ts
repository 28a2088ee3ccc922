import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { mayCall } from "../security/grants.js";

/** Whether a caller may not know of a function: neither public nor open to it. */
export function isHiddenFrom(
	caller: CallerIdentity,
	nodeId: string,
	{ name, public: isPublic, authRequired }: FunctionDescriptor,
): boolean {
	return !isPublic && authRequired && !mayCall(caller.grants, nodeId, name);
}

/**
 * Checks once more, at the node, what the gateway has checked before: that this caller may run this function.
 * Throws UNAUTHENTICATED for strangers, PERMISSION_DENIED for those whose grants do not cover it.
 */
export function authorise(
	caller: CallerIdentity,
	nodeId: string,
	descriptor: FunctionDescriptor,
): void {
	const { name, authRequired } = descriptor;
	if (!authRequired || mayCall(caller.grants, nodeId, name)) return;
	throw caller.anonymous
		? new EasyRemoteError(
				"UNAUTHENTICATED",
				`"${name}" is not open to callers without a credential`,
				{ hint: "use an API key" },
			)
		: new EasyRemoteError(
				"PERMISSION_DENIED",
				`${caller.subject} may not call "${name}" on node "${nodeId}"`,
				{ hint: `ask for a key with the grant call:${nodeId}.${name}` },
			);
}
