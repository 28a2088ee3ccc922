import { isJobOver } from "@easyremote/shared/protocol";
import type { CallTarget } from "@easyremote/shared/caller";
import { type EncodedValue, unpackValue } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { JobRecord } from "../store/job-record.js";
import { afterRestart } from "./after-failure.js";
import { JobRunner, type JobRunnerOptions } from "./job-runner.js";
import { JobSweeper } from "./job-sweeper.js";
import {
	assertOwner,
	type JobRequest,
	newJob,
	noSuchJob,
} from "./job-request.js";
import { type Patience, waitFor } from "./job-waiting.js";
import { type FoundJob, KeyClaims } from "./key-claims.js";
import { mayRunTwice } from "./may-run-twice.js";
import { type JobSnapshot, LiveJob } from "./live-job.js";

export interface JobDeskOptions extends Omit<JobRunnerOptions, "ended"> {
	readonly limits: Pick<
		GatewayLimits,
		| "maxRunningJobs"
		| "maxUnfinishedJobs"
		| "maxUnfinishedJobsPerPrincipal"
		| "maxJobResultBytes"
	>;
	/** Names a job; not to be guessed. */
	readonly newId: () => string;
}

/** Jobs as of now. */
export interface JobFigures {
	/** Jobs, and calls with an idempotency key, that are not over. */
	readonly unfinished: number;
	/** Of these, how many run or have their end stored. */
	readonly running: number;
}

/** When whoever finds no room is asked to try again, ms. */
const RETRY_MS = 1_000;

/** Takes jobs in, finds them again, and cancels them. Whatever it has answered is durable. */
export class JobDesk {
	readonly #options: JobDeskOptions;
	readonly #live = new Map<string, LiveJob>();
	/** Unfinished jobs by owner, those being taken in included. */
	readonly #owned = new Map<string, number>();
	readonly #claims: KeyClaims;
	readonly #runner: JobRunner;
	readonly #sweeper: JobSweeper;
	#open = true;

	constructor(options: JobDeskOptions) {
		this.#options = options;
		this.#claims = new KeyClaims(options.store);
		this.#sweeper = new JobSweeper(options);
		this.#runner = new JobRunner({
			...options,
			ended: (job) => {
				this.#live.delete(job.id);
				this.#claims.ended(job);
				this.#count(job.owner, -1);
			},
		});
	}

	/** For the report. */
	get stats(): JobFigures {
		return { unfinished: this.#live.size, running: this.#runner.running };
	}

	/** Takes up what the last process left. To be awaited before anybody is let in. Rejects with UNAVAILABLE. */
	async open(): Promise<void> {
		for (const record of await this.#options.store.recover())
			await this.#recover(record);
		this.#sweeper.start();
	}

	/**
	 * Takes a request in; it is durable once this resolves. Rejects with UNAUTHENTICATED for anonymous principals,
	 * NOT_FOUND or PERMISSION_DENIED for what they may not call, ALREADY_EXISTS for a key used otherwise,
	 * RESOURCE_EXHAUSTED where there are too many jobs, UNAVAILABLE where the store cannot be written.
	 */
	async submit(request: JobRequest): Promise<FoundJob> {
		assertOwner(request.principal);
		return this.#claims.find(request, () => this.#make(request));
	}

	/** A job as of now. Rejects with NOT_FOUND, also if it is not the principal's, who is no admin. */
	async find(id: string, principal: Principal): Promise<JobSnapshot> {
		const live = this.#live.get(id);
		if (live && mayKnow(principal, live.record)) return live.snapshot;
		const record = live ? undefined : await this.#options.store.find(id);
		if (!record || !mayKnow(principal, record)) throw noSuchJob(id);
		return { record, version: record.status };
	}

	/** The same, but not before `done`, unless that takes too long. */
	async wait(
		id: string,
		principal: Principal,
		done: (job: JobSnapshot) => boolean,
		patience: Pick<Patience, "waitMs" | "signal">,
	): Promise<JobSnapshot> {
		const live = this.#live.get(id);
		if (live && mayKnow(principal, live.record))
			await waitFor(
				live,
				() => live.stored || done(live.snapshot),
				this.patience(patience),
			);
		return this.find(id, principal);
	}

	/** The principal's jobs, newest first. */
	async list(
		principal: Principal,
		page: { readonly after?: string | undefined; readonly limit: number },
	): Promise<readonly JobSnapshot[]> {
		const { after: id, limit } = page;
		const after =
			id === undefined ? undefined : (await this.find(id, principal)).record;
		const query = { owner: principal.id, after, limit };
		const records = await this.#options.store.list(query);
		return records.map(
			(record) =>
				this.#live.get(record.id)?.snapshot ?? {
					record,
					version: record.status,
				},
		);
	}

	/** What a job has given. Rejects with NOT_FOUND if it has just expired, and as the store does. */
	async result({ id }: JobRecord): Promise<EncodedValue> {
		const kept = await this.#options.store.result(id);
		if (!kept) throw noSuchJob(id);
		return unpackValue(kept);
	}

	/** Cancels a job; one that is over stays as it is. Rejects as `find` does, and with UNAVAILABLE as the store does. */
	async cancel(id: string, principal: Principal): Promise<JobSnapshot> {
		const { record } = await this.find(id, principal);
		const live = this.#live.get(id);
		if (!live || isJobOver(record.status)) return this.find(id, principal);
		await this.#runner.cancel(live);
		return this.find(id, principal);
	}

	/** Ends what runs or waits for principals whose credential is void. */
	drop(principalIds: readonly string[]): void {
		const lost = new Set(principalIds);
		for (const job of [...this.#live.values()])
			if (lost.has(job.owner)) this.#runner.disown(job);
	}

	/** Fills up how long to wait. */
	patience(patience: Pick<Patience, "waitMs" | "signal">): Patience {
		const { clock } = this.#options;
		return { ...patience, clock, sensible: () => this.#open };
	}

	/** Begins no more jobs, and sends away those who wait for one. */
	drain(): void {
		this.#open = false;
		this.#runner.drain();
		for (const job of this.#live.values()) job.wake();
	}

	/** Resolves when none runs. */
	whenIdle(): Promise<void> {
		return this.#runner.whenIdle();
	}

	/** From now on a call that fails is one that was cut off: its job is left for the next process. */
	halt(): void {
		this.drain();
		this.#runner.halt();
	}

	/** Resolves once the store is left alone. */
	async close(): Promise<void> {
		this.halt();
		await this.#sweeper.close();
		await this.#runner.close();
	}

	async #make(request: JobRequest): Promise<LiveJob> {
		const { principal, target } = request;
		const { store, clock, newId } = this.#options;
		this.#admit(principal.id);
		try {
			const idempotent = await this.#lookUp(target, principal);
			const record = newJob(request, {
				id: newId(),
				now: clock.now(),
				idempotent,
			});
			// Whoever waits for a mere call brings its arguments: only a job's are needed later.
			await store.insert(
				record,
				record.kind === "job" ? request.input : undefined,
			);
			const job = new LiveJob(record, request);
			this.#live.set(record.id, job);
			this.#runner.take(job, request);
			return job;
		} catch (error) {
			this.#count(principal.id, -1);
			throw error;
		}
	}

	/** Whether what is to be called may run twice. Throws why it may not be called; that nobody is there is no reason. */
	async #lookUp(target: CallTarget, principal: Principal): Promise<boolean> {
		const answer = await this.#options.providersFor(target, principal);
		if (answer.error && answer.error.code !== "UNAVAILABLE") throw answer.error;
		return mayRunTwice(target, answer);
	}

	async #recover(record: JobRecord): Promise<void> {
		const { store } = this.#options;
		const next = afterRestart(record);
		if (next.kind === "forget") {
			await store.remove(record.id);
			return;
		}
		const job = new LiveJob(record);
		this.#live.set(job.id, job);
		this.#claims.resume(job);
		this.#count(job.owner, 1);
		if (next.kind === "run") await this.#runner.resume(job);
		else await this.#runner.fail(job, next.error);
	}

	#admit(owner: string): void {
		const { maxUnfinishedJobs: most, maxUnfinishedJobsPerPrincipal: own } =
			this.#options.limits;
		if ((this.#owned.get(owner) ?? 0) >= own)
			throw tooMany(`you have ${own} jobs that are not over`, own);
		if (this.#live.size >= most)
			throw tooMany(`the gateway has ${most} jobs that are not over`, most);
		this.#count(owner, 1);
	}

	#count(owner: string, change: 1 | -1): void {
		const count = (this.#owned.get(owner) ?? 0) + change;
		if (count === 0) this.#owned.delete(owner);
		else this.#owned.set(owner, count);
	}
}

function mayKnow({ id, grants }: Principal, { principal }: JobRecord): boolean {
	return principal.id === id || grants.includes("admin");
}

function tooMany(what: string, limit: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`${what}, which is all it takes`,
		{
			details: { reason: "too_many_jobs", limit },
			hint: "Try again later, or raise limits.maxUnfinishedJobs and maxUnfinishedJobsPerPrincipal.",
			retryAfterMs: RETRY_MS,
		},
	);
}
