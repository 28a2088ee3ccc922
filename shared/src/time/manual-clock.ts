import type { CancelTimer, Clock } from "./clock.js";

interface Planned {
	readonly at: number;
	readonly order: number;
	readonly task: () => void;
}

/**
 * A clock that stands still until told to move.
 *
 * @example
 * const clock = new ManualClock();
 * clock.schedule(50, () => console.log("fired"));
 * await clock.advance(50);
 */
export class ManualClock implements Clock {
	#now: number;
	#order = 0;
	readonly #planned = new Set<Planned>();

	/** @param startMs what `now()` says at first, ms since the epoch */
	constructor(startMs = 1_000_000) {
		this.#now = startMs;
	}

	now(): number {
		return this.#now;
	}

	monotonic(): number {
		return this.#now;
	}

	schedule(delayMs: number, task: () => void): CancelTimer {
		this.#order += 1;
		const planned = {
			at: this.#now + Math.max(delayMs, 0),
			order: this.#order,
			task,
		};
		this.#planned.add(planned);
		return () => {
			this.#planned.delete(planned);
		};
	}

	/** Timers waiting to fire: a test that ends with some has found a leak. */
	get pending(): number {
		return this.#planned.size;
	}

	/** Moves time on by `ms`, firing due timers in order and letting promises settle between them. */
	async advance(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settle();
		for (;;) {
			const next = this.#nextDue(end);
			if (!next) break;
			this.#planned.delete(next);
			this.#now = Math.max(this.#now, next.at);
			next.task();
			await settle();
		}
		this.#now = end;
	}

	/** Moves time on without firing anything, as for a process that is stopped; what is due fires with the next `advance`. */
	skip(ms: number): void {
		this.#now += ms;
	}

	#nextDue(end: number): Planned | undefined {
		let first: Planned | undefined;
		for (const planned of this.#planned) {
			if (planned.at > end) continue;
			if (!first || planned.at < first.at) first = planned;
			else if (planned.at === first.at && planned.order < first.order)
				first = planned;
		}
		return first;
	}
}

/** Lets promise reactions, and those that follow from them, run. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
