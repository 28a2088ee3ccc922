import { TaskScope } from "@easyremote/shared/async";
import { packValue } from "@easyremote/shared/codec";
import { toEasyRemoteError } from "@easyremote/shared/errors";
import { type Clock, pause } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { JobEnd } from "../store/job-record.js";
import type { JobStore } from "../store/job-store.js";
import type { LiveJob } from "./live-job.js";

/** The first pause before an end that could not be stored is tried again, ms; it doubles from there … */
const FIRST_PAUSE_MS = 500;
/** … up to this: so much later than the disk has room again. */
const LONGEST_PAUSE_MS = 5_000;

export interface JobEndingOptions {
	readonly store: Pick<JobStore, "finish" | "remove">;
	readonly clock: Clock;
	readonly log: Logger;
	/** Told once the store knows. */
	readonly ended: (job: LiveJob) => void;
}

/** Stores how jobs ended, again and again while the disk is full: what a function gave is not thrown away. */
export class JobEnding {
	readonly #options: JobEndingOptions;
	readonly #pauses = new TaskScope();
	#halted = false;

	constructor(options: JobEndingOptions) {
		this.#options = options;
	}

	/** Resolves once the end is durable; when halted, after the next failure. `job.trouble` tells of failures. */
	async store(job: LiveJob, end: JobEnd): Promise<void> {
		let pauseMs = FIRST_PAUSE_MS;
		while (!(await this.#attempt(job, end))) {
			if (this.#halted) return;
			await this.#pause(pauseMs);
			pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
		}
		const { releaseKey: _released, ...ended } = end;
		job.ended(ended);
		this.#options.ended(job);
	}

	/** Lets go of ends that cannot be stored: the next process finds their jobs unfinished. */
	halt(): void {
		this.#halted = true;
		this.#pauses.abort();
	}

	async #attempt(job: LiveJob, end: JobEnd): Promise<boolean> {
		const { store, log } = this.#options;
		try {
			if (job.forgotten) await store.remove(job.id);
			else await store.finish(job.id, end, job.result && packValue(job.result));
			return true;
		} catch (error) {
			job.trouble = toEasyRemoteError(error);
			log.error(
				{ job: job.id, err: error },
				"a job's end cannot be stored yet",
			);
			job.wake();
			return false;
		}
	}

	#pause(ms: number): Promise<void> {
		return this.#pauses.run((signal) => pause(this.#options.clock, ms, signal));
	}
}
