import { toEasyRemoteError } from "@easyremote/shared/errors";
import type { Client } from "../../client.js";
import type { NodeInfo } from "../../listing.js";
import { failedBy, type Finding } from "./finding.js";

/** Finds the node to open paths to: the one asked for, else the first that takes direct connections. */
export async function chooseNode(
	client: Client,
	asked: string | undefined,
): Promise<{ readonly finding: Finding; readonly node?: NodeInfo }> {
	let nodes: readonly NodeInfo[];
	try {
		nodes = await client.nodes();
	} catch (error) {
		return { finding: failedBy("node", toEasyRemoteError(error)) };
	}
	if (asked !== undefined) {
		const node = nodes.find(({ id }) => id === asked);
		return node ? { finding: found(node), node } : { finding: gone(asked) };
	}
	const node = nodes.find(({ direct }) => direct) ?? nodes[0];
	return node
		? { finding: found(node), node }
		: {
				finding: {
					check: "node",
					status: "skipped",
					detail: "no node is online that may be called here",
					fix: "start one: easyremote-node FILE --gateway URL",
				},
			};
}

function found({ id, kind, state, paths }: NodeInfo): Finding {
	const busy = paths && paths.direct + paths.relay > 0;
	const sessions = busy
		? `, with ${paths.direct} direct and ${paths.relay} relayed sessions`
		: "";
	return {
		check: "node",
		status: "ok",
		detail: `"${id}" is ${state} (${kind})${sessions}`,
		data: { node: id, paths },
	};
}

function gone(asked: string): Finding {
	return {
		check: "node",
		status: "failed",
		detail: `node "${asked}" is not online, or may not be called with this key`,
		fix: "see `easyremote nodes` for those that are",
		code: "NOT_FOUND",
	};
}
