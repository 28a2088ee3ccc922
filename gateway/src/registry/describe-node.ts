import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { addressClass } from "./address-class.js";
import type { NodeEntry } from "./node-entry.js";
import type { NodeStatus } from "./node-status.js";

/** Names come from nodes, which may say anything at any length. */
const LONGEST_NAME = 100;

export interface DescribeOptions {
	/** On the clock that the node's health is measured by, ms. */
	readonly nowMs: number;
	/** What to add to that clock for wall time, ms. */
	readonly epochMs: number;
	/** Whether addresses may be shown. */
	readonly admin: boolean;
}

/** All that can be told about one node, with those functions. */
export function describeNode(
	node: NodeEntry,
	functions: readonly FunctionDescriptor[],
	{ nowMs, epochMs, admin }: DescribeOptions,
): NodeStatus {
	const { state, sinceMs } = node.health(nowMs);
	const { agent, address } = node.connection;
	const { resources } = node;
	const place = address === undefined ? undefined : addressClass(address);
	return {
		...node.listed(functions, nowMs),
		state,
		since: new Date(sinceMs + epochMs).toISOString(),
		...(agent !== undefined && { version: short(agent) }),
		...(place && { addressClass: place }),
		...(admin && address !== undefined && { address }),
		...(resources && {
			resources: {
				...resources,
				gpus: resources.gpus.map((gpu) => ({ ...gpu, name: short(gpu.name) })),
			},
		}),
	};
}

function short(name: string): string {
	return name.slice(0, LONGEST_NAME);
}
