import type { CancelTimer, Clock } from "../../time/clock.js";
import { DurationSample } from "./duration-sample.js";
import type { MapItem } from "./map-item.js";

/** An item this many times slower than the usual one is a straggler (as in MapReduce's backup tasks, Dean & Ghemawat, 2004). */
const FACTOR = 2;
/** Below this nothing is gained by a second copy, ms. */
const SHORTEST_MS = 20;
/** Items after which it is known what is usual. */
const ENOUGH = 3;

/** Says which items take much longer than usual, once there is nothing else to start. */
export class StragglerWatch {
	readonly #clock: Clock;
	readonly #durations = new DurationSample();
	#seen = 0;
	#cancel: CancelTimer | undefined;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** An item took this long, ms. */
	took(ms: number): void {
		this.#seen += 1;
		this.#durations.add(ms);
	}

	/**
	 * The items that are late now.
	 *
	 * @param later called when this may have another answer because time has passed
	 */
	late(running: Iterable<MapItem>, later: () => void): MapItem[] {
		this.#cancel?.();
		const median = this.#durations.median;
		if (this.#seen < ENOUGH || median === undefined) return [];
		const allowedMs = Math.max(SHORTEST_MS, median * FACTOR);
		const nowMs = this.#clock.monotonic();
		const late: MapItem[] = [];
		let nextInMs = Number.POSITIVE_INFINITY;
		for (const item of running) {
			const [first] = item.copies;
			if (!first || item.doubled) continue;
			const leftMs = first.sentAtMs + allowedMs - nowMs;
			if (leftMs <= 0) late.push(item);
			else nextInMs = Math.min(nextInMs, leftMs);
		}
		if (nextInMs < Number.POSITIVE_INFINITY)
			this.#cancel = this.#clock.schedule(Math.ceil(nextInMs), later);
		return late;
	}

	stop(): void {
		this.#cancel?.();
	}
}
