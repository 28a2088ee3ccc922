import type { MapProgress } from "./map-options.js";

/** Counts what became of a map's items. */
export class MapTally {
	taken = 0;
	done = 0;
	failed = 0;
	/** Calls running, second copies included. */
	running = 0;
	readonly #listener: ((progress: MapProgress) => void) | undefined;

	constructor(listener: ((progress: MapProgress) => void) | undefined) {
		this.#listener = listener;
	}

	/** An item is over. */
	settled(
		ok: boolean,
		facts: Pick<MapProgress, "nodes" | "sourceEnded">,
	): void {
		this.done += 1;
		if (!ok) this.failed += 1;
		const { taken, done, failed, running } = this;
		this.#listener?.({ taken, done, failed, running, ...facts });
	}
}
