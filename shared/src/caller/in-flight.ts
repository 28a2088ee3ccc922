/** Nodes without calls are forgotten when there are so many: to forget each at once would cost every call that is alone. */
const MOST_IDLE = 256;

/** How many calls of ours each node is busy with: corrects a route's snapshot of load, which is a little old. */
export class InFlight {
	readonly #counts = new Map<string, number>();
	#idle = 0;

	of(nodeId: string): number {
		return this.#counts.get(nodeId) ?? 0;
	}

	add(nodeId: string): void {
		const count = this.#counts.get(nodeId);
		if (count === 0) this.#idle -= 1;
		this.#counts.set(nodeId, (count ?? 0) + 1);
	}

	remove(nodeId: string): void {
		const count = this.of(nodeId);
		if (count === 0) return;
		this.#counts.set(nodeId, count - 1);
		if (count > 1) return;
		this.#idle += 1;
		if (this.#idle > MOST_IDLE) this.#forgetIdle();
	}

	#forgetIdle(): void {
		for (const [nodeId, count] of this.#counts)
			if (count === 0) this.#counts.delete(nodeId);
		this.#idle = 0;
	}
}
