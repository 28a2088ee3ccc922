import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { CancelTimer, Clock } from "@easyremote/shared/time";

/** How often the loop is looked at, ms: seldom enough to cost nothing. */
const RESOLUTION_MS = 20;
/** Figures are of the present window and the one before, ms each. */
const WINDOW_MS = 30_000;
const NS_PER_MS = 1e6;

/** By how much the event loop was late, ms: what every call waits on top of its own time. */
export interface EventLoopLag {
	readonly meanMs: number;
	readonly p99Ms: number;
	readonly maxMs: number;
}

/** What is used of Node's histogram. */
type LoopHistogram = Pick<
	IntervalHistogram,
	"enable" | "disable" | "reset" | "percentile" | "count" | "mean" | "max"
>;

const NO_LAG: EventLoopLag = { meanMs: 0, p99Ms: 0, maxMs: 0 };

/** Watches how late the event loop is, by Node's own histogram. It does not keep the process alive. */
export class EventLoopMonitor {
	readonly #clock: Clock;
	readonly #histogram: LoopHistogram;
	#former = NO_LAG;
	#cancelTurn: CancelTimer = () => undefined;

	/** @param histogram of the times from one look to the next, ns, as `monitorEventLoopDelay` keeps it */
	constructor(
		clock: Clock,
		histogram: LoopHistogram = monitorEventLoopDelay({
			resolution: RESOLUTION_MS,
		}),
	) {
		this.#clock = clock;
		this.#histogram = histogram;
	}

	start(): void {
		this.#histogram.enable();
		this.#planTurn();
	}

	stop(): void {
		this.#cancelTurn();
		this.#histogram.disable();
	}

	/** The lag over the last half minute to minute. */
	get lag(): EventLoopLag {
		const present = this.#present();
		const former = this.#former;
		return {
			meanMs: Math.max(present.meanMs, former.meanMs),
			p99Ms: Math.max(present.p99Ms, former.p99Ms),
			maxMs: Math.max(present.maxMs, former.maxMs),
		};
	}

	#planTurn(): void {
		this.#cancelTurn = this.#clock.schedule(WINDOW_MS, () => {
			this.#former = this.#present();
			this.#histogram.reset();
			this.#planTurn();
		});
	}

	#present(): EventLoopLag {
		const { count, mean, max } = this.#histogram;
		if (count === 0) return NO_LAG;
		return {
			meanMs: lateBy(mean),
			p99Ms: lateBy(this.#histogram.percentile(99)),
			maxMs: lateBy(max),
		};
	}
}

/** Node records the time from one look to the next, which is the resolution where nothing is late. */
function lateBy(ns: number): number {
	return Math.max(ns / NS_PER_MS - RESOLUTION_MS, 0);
}
