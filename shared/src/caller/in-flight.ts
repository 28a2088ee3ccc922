/** So many nodes are remembered though they have no calls: to forget the only one after each call would cost that call. */
const FEW = 256;

/** How many calls of ours each node is busy with: corrects a route's snapshot of load, which is a little old. */
export class InFlight {
	readonly #counts = new Map<string, number>();

	of(nodeId: string): number {
		return this.#counts.get(nodeId) ?? 0;
	}

	add(nodeId: string): void {
		this.#counts.set(nodeId, this.of(nodeId) + 1);
	}

	/** Once for each `add`. */
	remove(nodeId: string): void {
		const count = this.of(nodeId) - 1;
		if (count > 0 || this.#counts.size < FEW) this.#counts.set(nodeId, count);
		else this.#counts.delete(nodeId);
	}
}
