import type { Provider } from "../../protocol/provider.js";
import { takesCalls } from "../../routing/eligible.js";
import { NodeWindow } from "./node-window.js";

/** A node that can be given an item. */
export interface RoomyNode {
	readonly nodeId: string;
	readonly window: NodeWindow;
}

/** The windows of all nodes that offer a function now. Those that leave are kept while they have items. */
export class NodeWindows {
	readonly #windows = new Map<string, NodeWindow>();
	#providers: readonly Provider[] = [];

	/** Nodes that may be given items. */
	get nodes(): number {
		return this.#providers.length;
	}

	/** Items that may run at once. */
	get capacity(): number {
		let sum = 0;
		for (const { nodeId } of this.#providers)
			sum += this.#windows.get(nodeId)?.size ?? 0;
		return sum;
	}

	/** Takes over what the route says now. */
	follow(providers: readonly Provider[]): void {
		this.#providers = providers.filter(takesCalls);
		for (const { nodeId, load } of this.#providers) {
			const known = this.#windows.get(nodeId);
			if (known) known.setSlots(load.maxConcurrent);
			else this.#windows.set(nodeId, new NodeWindow(load.maxConcurrent));
		}
		const offered = new Set(this.#providers.map(({ nodeId }) => nodeId));
		for (const [nodeId, { inFlight }] of this.#windows)
			if (!offered.has(nodeId) && inFlight === 0) this.#windows.delete(nodeId);
	}

	/** The node with the most room, as a share of what it may have; undefined if none has any. */
	roomiest(): RoomyNode | undefined {
		return this.#best((window) => window.room > 0);
	}

	/** A node with free places that has none of `nodeIds`' copies of an item. */
	idleBeside(nodeIds: readonly string[]): RoomyNode | undefined {
		return this.#best(
			(window, nodeId) => window.idle && !nodeIds.includes(nodeId),
		);
	}

	#best(
		fits: (window: NodeWindow, nodeId: string) => boolean,
	): RoomyNode | undefined {
		let best: RoomyNode | undefined;
		let bestShare = Number.POSITIVE_INFINITY;
		for (const { nodeId } of this.#providers) {
			const window = this.#windows.get(nodeId);
			if (!window || !fits(window, nodeId)) continue;
			const share = window.inFlight / window.size;
			if (share >= bestShare) continue;
			best = { nodeId, window };
			bestShare = share;
		}
		return best;
	}
}
