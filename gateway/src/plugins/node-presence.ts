import type { PluginHooks, PluginNode } from "@easyremote/shared/plugins";
import type { NodeProfile } from "@easyremote/shared/protocol";

interface Present {
	readonly connectionId: string;
	readonly node: PluginNode;
}

/**
 * Tells plugins of nodes that come and go: for each node, joining and leaving take turns. One that connects anew before
 * its former connection is gone has neither left nor joined.
 */
export class NodePresence {
	readonly #hooks: Pick<PluginHooks, "joined" | "left">;
	readonly #present = new Map<string, Present>();

	constructor(hooks: Pick<PluginHooks, "joined" | "left">) {
		this.#hooks = hooks;
	}

	/** A node was welcomed. */
	joined(
		nodeId: string,
		connectionId: string,
		{ kind, tags }: Pick<NodeProfile, "kind" | "tags">,
	): void {
		const known = this.#present.has(nodeId);
		const node = { nodeId, kind, tags };
		this.#present.set(nodeId, { connectionId, node });
		if (!known) this.#hooks.joined(node);
	}

	/** A connection is gone. */
	left(nodeId: string, connectionId: string): void {
		const present = this.#present.get(nodeId);
		if (present?.connectionId !== connectionId) return;
		this.#present.delete(nodeId);
		this.#hooks.left(present.node);
	}
}
