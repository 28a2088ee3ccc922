import type { JobEnd, JobRecord } from "./job-record.js";

/** Which of an owner's jobs to list, newest first. */
export interface JobQuery {
	/** Id of the principal. */
	readonly owner: string;
	/** The job behind which to go on; absent begins with the newest. */
	readonly after?: Pick<JobRecord, "id" | "createdAt"> | undefined;
	readonly limit: number;
}

/**
 * Jobs with their arguments and results. What a method has resolved for is durable; each rejects with UNAVAILABLE when
 * the store cannot be read or written, a full disk included, and may then be tried again.
 */
export interface JobStore {
	/** Adds a job. Throws ALREADY_EXISTS if its owner's idempotency key is taken. */
	insert(job: JobRecord, input: Uint8Array | undefined): Promise<void>;
	find(id: string): Promise<JobRecord | undefined>;
	/** The job an owner's idempotency key stands for. */
	findByKey(owner: string, key: string): Promise<JobRecord | undefined>;
	/** Jobs of the kind `job`. */
	list(query: JobQuery): Promise<readonly JobRecord[]>;
	/**
	 * All that are not over, oldest first. For the one process that runs them, before it does anything else: what a crash
	 * left half written is cleared away.
	 */
	recover(): Promise<readonly JobRecord[]>;
	/** Says that a job is about to run, or (`queued`) that it provably did not and waits again. */
	mark(
		id: string,
		mark: Pick<JobRecord, "status" | "idempotent" | "startedAt">,
	): Promise<void>;
	/** Ends a job, dropping its arguments. */
	finish(
		id: string,
		end: JobEnd,
		result: Uint8Array | undefined,
	): Promise<void>;
	/** Forgets a job as if it had never been. */
	remove(id: string): Promise<void>;
	/** Arguments; undefined if there are none, or none any more. */
	input(id: string): Promise<Uint8Array | undefined>;
	result(id: string): Promise<Uint8Array | undefined>;
	/** Forgets at most `limit` jobs that expired by `now`. Answers how many. */
	sweep(now: number, limit: number): Promise<number>;
}
