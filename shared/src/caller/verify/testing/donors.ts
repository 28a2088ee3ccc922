import { afterEach, expect } from "vitest";
import type { EasyRemoteError } from "../../../errors/easyremote-error.js";
import type { FunctionDescriptor } from "../../../protocol/provider.js";
import type { Script } from "../../../testing/scripted-call.js";
import { ScriptedNetwork } from "../../../testing/scripted-network.js";
import { ScriptedNode } from "../../../testing/scripted-node.js";

/** A published function, as donors call it. */
export const NAME = "b@1/f";
/** As callers ask for it. */
export const F = { function: "b/f" };

const networks: ScriptedNetwork[] = [];

/** A network that is closed after the test, which has to leave no timers. */
export function network(
	nodes: readonly ScriptedNode[],
	random: () => number = () => 0.5,
): ScriptedNetwork {
	for (const node of nodes) alias(node);
	const made = new ScriptedNetwork(nodes, { random });
	networks.push(made);
	return made;
}

/** Routes of the test network go by the name asked for. */
function alias(node: ScriptedNode): void {
	const script = node.scripts.get(NAME);
	if (script) node.scripts.set(F.function, script);
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

/** A donor of the function: with a key of its own and no record, unless told otherwise. */
export function donor(
	id: string,
	script: Script,
	options: Partial<FunctionDescriptor> & {
		readonly validInRow?: number;
		readonly trusted?: boolean;
		readonly key?: string;
		readonly engine?: string;
	} = {},
): ScriptedNode {
	const {
		validInRow = 0,
		trusted = false,
		key = id,
		engine,
		...more
	} = options;
	const node = new ScriptedNode(id);
	node.donor = { id: key, trusted, validInRow };
	node.engine = engine;
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
