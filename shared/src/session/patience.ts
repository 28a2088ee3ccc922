import type { CancelTimer, Clock } from "../time/clock.js";

/** What a session waits for before it gives something up: a path at all, or paths for calls that lost theirs. */
type Awaited = "path" | "local calls" | "remote calls";

/** The timers of a session that lost paths. Each thing is waited for once at a time. */
export class Patience {
	readonly #clock: Clock;
	readonly #timers = new Map<Awaited, CancelTimer>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	waits(what: Awaited): boolean {
		return this.#timers.has(what);
	}

	/** Gives `what` up after `timeoutMs`, unless it is being waited for already. */
	wait(what: Awaited, timeoutMs: number, giveUp: () => void): void {
		if (this.#timers.has(what)) return;
		const cancel = this.#clock.schedule(timeoutMs, () => {
			this.#timers.delete(what);
			giveUp();
		});
		this.#timers.set(what, cancel);
	}

	/** What was waited for has come. */
	end(what: Awaited): void {
		this.#timers.get(what)?.();
		this.#timers.delete(what);
	}

	stop(): void {
		for (const cancel of this.#timers.values()) cancel();
		this.#timers.clear();
	}
}
