import { toEasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { JobStore } from "../store/job-store.js";

/** How often expired jobs are looked for, ms. */
const SWEEP_MS = 60_000;
/** How many are forgotten in one go, so that nothing else waits long … */
const BATCH = 50;
/** … and the pause between two goes, ms. */
const PAUSE_MS = 100;

/** Forgets expired jobs, a few at a time, until closed. */
export class JobSweeper {
	readonly #store: Pick<JobStore, "sweep">;
	readonly #clock: Clock;
	readonly #log: Logger;
	#cancel: CancelTimer | undefined;
	#closed = false;
	#sweeping: Promise<void> = Promise.resolve();

	constructor(options: {
		readonly store: Pick<JobStore, "sweep">;
		readonly clock: Clock;
		readonly log: Logger;
	}) {
		this.#store = options.store;
		this.#clock = options.clock;
		this.#log = options.log;
	}

	/** Begins; the first go comes at once. */
	start(): void {
		this.#plan(0);
	}

	/** Resolves once the store is left alone. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#cancel?.();
		await this.#sweeping;
	}

	#plan(delayMs: number): void {
		if (this.#closed) return;
		this.#cancel = this.#clock.schedule(delayMs, () => {
			this.#sweeping = this.#sweep();
		});
	}

	async #sweep(): Promise<void> {
		try {
			const swept = await this.#store.sweep(this.#clock.now(), BATCH);
			this.#plan(swept < BATCH ? SWEEP_MS : PAUSE_MS);
		} catch (error) {
			this.#log.error(
				{ err: error },
				`cannot forget expired jobs: ${toEasyRemoteError(error).message}`,
			);
			this.#plan(SWEEP_MS);
		}
	}
}
