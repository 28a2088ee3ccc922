import { type Deferred, deferred } from "@easyremote/shared/async";
import type { FunctionProgress } from "@easyremote/shared/caller";
import type { EncodedValue } from "@easyremote/shared/codec";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer } from "@easyremote/shared/time";
import type { JobRecord } from "../store/job-record.js";
import type { JobRequest } from "./job-request.js";

/** How far a job is, as its function says. */
export type JobProgress = Pick<FunctionProgress, "fraction" | "message">;

/** A job as of now. */
export interface JobSnapshot {
	readonly record: JobRecord;
	readonly progress?: JobProgress | undefined;
	/** Differs when anything else does. */
	readonly version: string;
}

/** A job that is not over, or whose end is not stored yet, in the process that runs it. */
export class LiveJob {
	/** Aborts the call made for it. */
	readonly abort = new AbortController();
	record: JobRecord;
	/** Nothing more will happen to it; its end may still have to be stored. */
	over = false;
	/** Its end is durable: `record` tells of it, and `result` is what it gave. */
	stored = false;
	/** Its function provably did not run, and it was a mere call: nothing is kept of it. */
	forgotten = false;
	result: EncodedValue | undefined;
	/** The failure, as it was before it became part of the record. */
	error: EasyRemoteError | undefined;
	/** Why its end could not be stored so far. */
	trouble: EasyRemoteError | undefined;
	/** Tries to run it, in this process. */
	tries = 0;
	/** Since when no node has been there to run it, ms since the epoch. */
	absentSince: number | undefined;
	cancelDeadline: CancelTimer | undefined;
	/** No answer from a cache will do. */
	readonly fresh: boolean;
	/** W3C trace context of the request that made it. */
	readonly traceparent: string | undefined;
	#progress: JobProgress | undefined;
	#changes = 0;
	#changed: Deferred<void> = deferred();

	/** @param request what made it; absent of a job that an earlier process has taken in, which did not store that much */
	constructor(
		record: JobRecord,
		request?: Pick<JobRequest, "cache" | "traceparent">,
	) {
		this.record = record;
		this.fresh = request?.cache === false;
		this.traceparent = request?.traceparent;
	}

	get id(): string {
		return this.record.id;
	}

	get owner(): string {
		return this.record.principal.id;
	}

	get snapshot(): JobSnapshot {
		return {
			record: this.record,
			progress: this.#progress,
			version: `${this.record.status}.${this.#changes}`,
		};
	}

	/** Notes a change of the record; one that comes after the end is too late. */
	become(change: Partial<JobRecord>): void {
		if (this.over) return;
		this.record = { ...this.record, ...change };
		this.wake();
	}

	/** Notes that the end is stored. */
	ended(end: Partial<JobRecord>): void {
		this.record = { ...this.record, ...end };
		this.trouble = undefined;
		this.stored = true;
		this.wake();
	}

	progressed(progress: JobProgress): void {
		this.#progress = progress;
		this.wake();
	}

	/** Lets everybody look who waits for a change. */
	wake(): void {
		this.#changes += 1;
		const changed = this.#changed;
		this.#changed = deferred();
		changed.resolve();
	}

	/** Resolves at the next change. */
	whenChanged(): Promise<void> {
		return this.#changed.promise;
	}
}
