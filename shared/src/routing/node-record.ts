import type { Provider } from "../protocol/provider.js";

/** Weight of the newest call in the smoothed duration. */
const SMOOTHING = 0.3;

/** After this many failures in a row a node counts as failing. */
const FAILING_AFTER = 3;

/** What a chooser remembers of one node. */
export class NodeRecord {
	/** See `RoutingCandidate.turn`. */
	turn: number;
	#durationMs: number | undefined;
	#failures = 0;
	#snapshot: Provider["load"] | undefined;
	#oursInSnapshot = 0;

	constructor(turn: number) {
		this.turn = turn;
	}

	get durationMs(): number | undefined {
		return this.#durationMs;
	}

	get failing(): boolean {
		return this.#failures >= FAILING_AFTER;
	}

	/**
	 * Calls at the node now, by the snapshot and by our own count: those others had there when the
	 * snapshot was taken, plus all of ours in flight, which the snapshot may not show yet.
	 */
	load(snapshot: Provider["load"], inFlight: number): number {
		if (!this.#snapshot || !sameLoad(this.#snapshot, snapshot)) {
			this.#snapshot = snapshot;
			this.#oursInSnapshot = inFlight;
		}
		const total = snapshot.running + snapshot.queued;
		return Math.max(total - this.#oursInSnapshot, 0) + inFlight;
	}

	settled(ms: number, ok: boolean): void {
		if (!ok) {
			this.#failures += 1;
			return;
		}
		this.#failures = 0;
		this.#durationMs =
			this.#durationMs === undefined
				? ms
				: this.#durationMs * (1 - SMOOTHING) + ms * SMOOTHING;
	}
}

function sameLoad(a: Provider["load"], b: Provider["load"]): boolean {
	return a.running === b.running && a.queued === b.queued;
}
