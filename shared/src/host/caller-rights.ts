import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { mayCall } from "../security/grants.js";

/**
 * What one caller may call at a node, checked there once more after the gateway has. What was found to be allowed is
 * remembered: grants are texts to be matched, and callers mostly call the same few functions.
 */
export class CallerRights {
	readonly caller: CallerIdentity;
	readonly #nodeId: string;
	readonly #covered = new WeakSet<FunctionDescriptor>();

	constructor(caller: CallerIdentity, nodeId: string) {
		this.caller = caller;
		this.#nodeId = nodeId;
	}

	/** Whether the caller may run a function. */
	cover(descriptor: FunctionDescriptor): boolean {
		if (this.#covered.has(descriptor)) return true;
		const { name, authRequired } = descriptor;
		const { grants } = this.caller;
		if (authRequired && !mayCall(grants, this.#nodeId, name)) return false;
		this.#covered.add(descriptor);
		return true;
	}

	/** Whether the caller may not know of a function: neither public nor open to it. */
	hide(descriptor: FunctionDescriptor): boolean {
		return !descriptor.public && !this.cover(descriptor);
	}

	/** UNAUTHENTICATED for strangers, PERMISSION_DENIED for those whose grants do not cover the function. */
	refusal({ name }: FunctionDescriptor): EasyRemoteError {
		const { anonymous, subject } = this.caller;
		return anonymous
			? new EasyRemoteError(
					"UNAUTHENTICATED",
					`"${name}" is not open to callers without a credential`,
					{ hint: "use an API key" },
				)
			: new EasyRemoteError(
					"PERMISSION_DENIED",
					`${subject} may not call "${name}" on node "${this.#nodeId}"`,
					{ hint: `ask for a key with the grant call:${this.#nodeId}.${name}` },
				);
	}
}
