import type { NodeLoad } from "../protocol/node-resources.js";
import type { CancelTimer, Clock } from "../time/clock.js";

/** A load that has changed is told this late at most, ms, and this often. */
const LOOK_MS = 1_000;
/** Changes below this share of what runs at once are left to the next heartbeat. */
const NOTICEABLE = 0.1;

export interface LoadWatchOptions {
	readonly clock: Clock;
	/** The load as of now. */
	readonly load: () => NodeLoad;
	/** The load has changed noticeably since it was last told: tell it now. */
	readonly changed: () => void;
}

/**
 * Notices that a node has become busier, or less so, between two heartbeats. Callers choose by what they were told, and
 * many of them who go by the same old figures would all choose the same node.
 */
export class LoadWatch {
	readonly #options: LoadWatchOptions;
	#told: NodeLoad | undefined;
	#cancel: CancelTimer = () => undefined;

	constructor(options: LoadWatchOptions) {
		this.#options = options;
		this.#plan();
	}

	/** This has been told. */
	told(load: NodeLoad | undefined): void {
		this.#told = load && { ...load };
	}

	stop(): void {
		this.#cancel();
	}

	#plan(): void {
		const { clock, load, changed } = this.#options;
		this.#cancel = clock.schedule(LOOK_MS, () => {
			this.#plan();
			if (this.#told && differs(this.#told, load())) changed();
		});
	}
}

function differs(told: NodeLoad, now: NodeLoad): boolean {
	const change = Math.abs(
		now.running + now.queued - told.running - told.queued,
	);
	return change > 0 && change >= Math.floor(now.maxConcurrent * NOTICEABLE);
}
