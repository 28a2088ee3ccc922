import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import type { Script } from "./scripted-call.js";
import { ScriptedNode } from "./scripted-node.js";

/** A published function, as donors call it. */
export const NAME = "b@1/f";
/** As callers ask for it. */
export const F = { function: "b/f" };

/** A donor of the function: with a key of its own and no record, unless told otherwise. */
export function donor(
	id: string,
	script: Script,
	options: Partial<FunctionDescriptor> & {
		readonly validInRow?: number;
		readonly trusted?: boolean;
		readonly key?: string;
		readonly engine?: string;
		readonly slots?: number;
	} = {},
): ScriptedNode {
	const {
		validInRow = 0,
		trusted = false,
		key = id,
		engine,
		slots,
		...more
	} = options;
	const node = new ScriptedNode(id, slots);
	node.donor = { id: key, trusted, validInRow };
	node.engine = engine;
	// Routes of a scripted network go by the name asked for.
	node.scripts.set(F.function, script);
	return node.on(NAME, script, {
		deterministic: "exact",
		idempotent: true,
		...more,
	});
}

/** Accepts and answers. */
export const says =
	(value: unknown): Script =>
	(call) =>
		call.accept().answer(value);
/** Accepts and fails. */
export const throws =
	(error: EasyRemoteError): Script =>
	(call) =>
		call.accept().refuse(error);

/** How many calls came to each. */
export const ran = (...nodes: ScriptedNode[]) =>
	nodes.map(({ calls }) => calls.length);
