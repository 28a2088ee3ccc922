import type { Caller } from "@easyremote/shared/caller";
import {
	EasyRemoteError,
	toEasyRemoteError,
	toWireError,
} from "@easyremote/shared/errors";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { JobSettings } from "../config/job-options.js";
import type { Registry } from "../registry/registry.js";
import type { JobEnd } from "../store/job-record.js";
import type { JobStore } from "../store/job-store.js";
import { nobodyThere, pauseAfter } from "./after-failure.js";
import { FairQueue } from "./fair-queue.js";
import { JobEnding, type JobEndingOptions } from "./job-ending.js";
import { unpackInput } from "./job-input.js";
import type { JobRequest } from "./job-request.js";
import { mayRunTwice } from "./may-run-twice.js";
import type { LiveJob } from "./live-job.js";
import { type JobOutcome, runJob } from "./run-job.js";

export interface JobRunnerOptions extends JobEndingOptions {
	readonly store: JobStore;
	/** The caller that acts for a principal. */
	readonly callerFor: (principal: Principal) => Caller;
	readonly providersFor: Registry["providersFor"];
	/** Whether a principal's credential is still good, as far as that can be known without it. */
	readonly stillValid: (principal: Principal) => boolean;
	readonly settings: JobSettings;
	readonly limits: Pick<GatewayLimits, "maxRunningJobs" | "maxJobResultBytes">;
}

/** When a job is tried again whose arguments could not be read or whose start could not be noted, ms. */
const STORE_PAUSE_MS = 5_000;

/** Runs jobs, so many at once, by the same code that makes calls; mere calls it runs at once. */
export class JobRunner {
	readonly #options: JobRunnerOptions;
	readonly #queue = new FairQueue<LiveJob>();
	readonly #ending: JobEnding;
	readonly #running = new Set<Promise<void>>();
	/** Of these, those that count against the limit. */
	#lanes = 0;
	#draining = false;
	#halted = false;

	constructor(options: JobRunnerOptions) {
		this.#options = options;
		this.#ending = new JobEnding(options);
	}

	get running(): number {
		return this.#running.size;
	}

	/** Takes a job that has just been stored. */
	take(
		job: LiveJob,
		{ kind, input }: Pick<JobRequest, "kind" | "input">,
	): void {
		if (kind === "call") this.#track(this.#runCall(job, input));
		else this.#enqueue(job);
	}

	/** Takes a job of an earlier process that may run. */
	async resume(job: LiveJob): Promise<void> {
		await this.#backToQueue(job);
		this.#enqueue(job);
	}

	/** Ends a job that may have run, and will not. */
	fail(job: LiveJob, error: EasyRemoteError): Promise<void> {
		return this.#end(job, "failed", { error });
	}

	/** Resolves once it is durable. Rejects with UNAVAILABLE where that takes longer; it is cancelled all the same. */
	async cancel(job: LiveJob): Promise<void> {
		const error = new EasyRemoteError("CANCELLED", "the job was cancelled");
		this.#track(this.#end(job, "cancelled", { error }));
		job.abort.abort(error);
		while (!job.stored && !job.trouble) await job.whenChanged();
		if (job.trouble) throw job.trouble;
	}

	/** Ends a job whose owner has lost the right to it. */
	disown(job: LiveJob): void {
		const error = new EasyRemoteError(
			"UNAUTHENTICATED",
			"the credential of this job has expired or was revoked",
		);
		const releaseKey = job.record.status === "queued";
		this.#track(this.#end(job, "failed", { error, releaseKey }));
		job.abort.abort(error);
	}

	/** Begins no more jobs. */
	drain(): void {
		this.#draining = true;
	}

	/** What fails from now on was cut off, and is left for the next process. */
	halt(): void {
		this.#draining = true;
		this.#halted = true;
		this.#ending.halt();
	}

	/** Resolves when nothing runs, and all ends are stored that can be. */
	async whenIdle(): Promise<void> {
		while (this.#running.size > 0) await Promise.allSettled(this.#running);
	}

	/** Cuts off what runs. */
	async close(): Promise<void> {
		this.halt();
		await this.whenIdle();
	}

	#track(work: Promise<void>): void {
		this.#running.add(work);
		void work.finally(() => this.#running.delete(work));
	}

	#enqueue(job: LiveJob): void {
		const { clock } = this.#options;
		job.cancelDeadline ??= clock.schedule(
			job.record.deadlineAt - clock.now(),
			() => this.#expire(job),
		);
		this.#queue.add(job.owner, job);
		this.#pump();
	}

	#pump(): void {
		const { maxRunningJobs } = this.#options.limits;
		while (!this.#draining && this.#lanes < maxRunningJobs) {
			const job = this.#queue.take();
			if (!job) return;
			if (job.over) continue;
			this.#lanes += 1;
			this.#track(
				this.#work(job).finally(() => {
					this.#lanes -= 1;
					this.#pump();
				}),
			);
		}
	}

	/** One that runs is ended by the call made for it, which knows more. */
	#expire(job: LiveJob): void {
		if (job.record.status !== "queued") return;
		const error = new EasyRemoteError(
			"DEADLINE_EXCEEDED",
			"the job's time was up before it could begin",
			{
				details: { phase: "queued" },
				hint: "Give it more time by x-easyremote-timeout.",
			},
		);
		this.#track(this.#end(job, "failed", { error, releaseKey: true }));
	}

	async #work(job: LiveJob): Promise<void> {
		if (!this.#options.stillValid(job.record.principal)) {
			this.disown(job);
			return;
		}
		const input = await this.#begin(job);
		if (input && !job.over)
			await this.#settle(job, await this.#try(job, input));
	}

	/** Notes durably that a job may have started, before it can. Answers its arguments, or undefined where it is not to begin. */
	async #begin(job: LiveJob): Promise<Uint8Array | undefined> {
		const { store, clock, providersFor } = this.#options;
		const { principal, target } = job.record;
		try {
			const input = await store.input(job.id);
			const answer = await providersFor(target, principal);
			if (this.#draining || job.over) return undefined;
			const begun = {
				status: "running",
				idempotent: mayRunTwice(target, answer),
				startedAt: clock.now(),
			} as const;
			await store.mark(job.id, begun);
			job.become(begun);
			return input;
		} catch (error) {
			this.#later(job, STORE_PAUSE_MS, toEasyRemoteError(error));
			return undefined;
		}
	}

	async #runCall(job: LiveJob, input: Uint8Array): Promise<void> {
		await this.#settle(job, await this.#try(job, input));
	}

	async #try(job: LiveJob, packed: Uint8Array): Promise<JobOutcome> {
		const { callerFor, clock, limits } = this.#options;
		const { target, principal, deadlineAt } = job.record;
		job.tries += 1;
		return runJob({
			// A token is good for minutes, a job takes hours: it was let in when it was asked for.
			caller: callerFor({ ...principal, expiresAt: undefined }),
			target,
			input: unpackInput(packed),
			timeoutMs: Math.max(deadlineAt - clock.now(), 1),
			signal: job.abort.signal,
			maxResultBytes: limits.maxJobResultBytes,
			cache: !job.fresh,
			traceparent: job.traceparent,
			onProgress: (progress) => job.progressed(progress),
		});
	}

	async #settle(job: LiveJob, outcome: JobOutcome): Promise<void> {
		if (job.over) return;
		const { nodeId, callId } = outcome;
		if (outcome.ok) {
			job.result = outcome.result;
			await this.#end(job, "succeeded", { nodeId, callId });
			return;
		}
		const { error, mayHaveStarted } = outcome;
		const isCall = job.record.kind === "call";
		// Cut off at the end of this process: the store tells the next one what to make of it.
		if (this.#halted && (mayHaveStarted || !isCall)) {
			if (!mayHaveStarted) await this.#backToQueue(job);
			return;
		}
		const pauseMs = isCall
			? undefined
			: this.#pauseAfter(job, error, mayHaveStarted);
		if (pauseMs !== undefined) {
			await this.#backToQueue(job);
			this.#later(job, pauseMs, error);
			return;
		}
		job.forgotten = isCall && !mayHaveStarted;
		const releaseKey = !mayHaveStarted;
		await this.#end(job, "failed", { error, nodeId, callId, releaseKey });
	}

	#pauseAfter(
		job: LiveJob,
		error: EasyRemoteError,
		mayHaveStarted: boolean,
	): number | undefined {
		const { clock, settings } = this.#options;
		const now = clock.now();
		job.absentSince = nobodyThere(error) ? (job.absentSince ?? now) : undefined;
		return pauseAfter({
			error,
			mayHaveStarted,
			tries: job.tries,
			now,
			deadlineAt: job.record.deadlineAt,
			absentSince: job.absentSince,
			waitForNodeMs: settings.waitForNode,
		});
	}

	/** Where that cannot be stored, a crash would have it reported as ABORTED; here it goes on. */
	async #backToQueue(job: LiveJob): Promise<void> {
		const { store, log } = this.#options;
		const { idempotent } = job.record;
		const waiting = {
			status: "queued",
			idempotent,
			startedAt: undefined,
		} as const;
		job.become(waiting);
		try {
			await store.mark(job.id, waiting);
		} catch (error) {
			log.warn({ job: job.id, err: error }, "a job's state cannot be stored");
		}
	}

	#later(job: LiveJob, pauseMs: number, { code }: EasyRemoteError): void {
		const { clock, log } = this.#options;
		log.debug({ job: job.id, code, pauseMs }, "a job waits");
		clock.schedule(pauseMs, () => {
			if (!job.over && !this.#halted) this.#enqueue(job);
		});
	}

	async #end(
		job: LiveJob,
		status: JobEnd["status"],
		how: {
			readonly error?: EasyRemoteError;
			readonly releaseKey?: boolean;
			readonly nodeId?: string | undefined;
			readonly callId?: string | undefined;
		},
	): Promise<void> {
		if (job.over) return;
		job.over = true;
		job.cancelDeadline?.();
		job.error = how.error;
		const { clock, settings } = this.#options;
		const endedAt = clock.now();
		await this.#ending.store(job, {
			...how,
			status,
			endedAt,
			expiresAt: endedAt + settings.keep,
			error: how.error && toWireError(how.error),
		});
	}
}
