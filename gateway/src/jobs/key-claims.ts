import { EasyRemoteError } from "@easyremote/shared/errors";
import type { IdempotencyClaim, JobRecord } from "../store/job-record.js";
import type { JobStore } from "../store/job-store.js";
import { LiveJob } from "./live-job.js";
import type { JobRequest } from "./job-request.js";

/** A job that was asked for: under way, or over long ago. */
export interface FoundJob {
	readonly job: LiveJob | JobRecord;
	/** Another request with the same idempotency key has made it. */
	readonly replayed: boolean;
}

interface Finding {
	readonly job: LiveJob | JobRecord;
	/** It was made for the request that looked for it. */
	readonly made: boolean;
}

/**
 * Idempotency keys in use: requests with the same key, of the same principal, get the same job, however close together they
 * come. Keys of jobs that are over are looked up in the store.
 */
export class KeyClaims {
	readonly #store: Pick<JobStore, "findByKey">;
	readonly #underWay = new Map<string, Promise<Finding>>();

	constructor(store: Pick<JobStore, "findByKey">) {
		this.#store = store;
	}

	/**
	 * The job that a request's key stands for, else the one that `make` makes.
	 * Rejects with ALREADY_EXISTS if the key stands for something else, and as the store and `make` do.
	 */
	async find(
		request: JobRequest,
		make: () => Promise<LiveJob>,
	): Promise<FoundJob> {
		const { claim, principal } = request;
		if (!claim) return { job: await make(), replayed: false };
		const place = placeOf(principal.id, claim.key);
		const underWay = this.#underWay.get(place);
		if (underWay) return replay((await underWay).job, claim);
		const finding = this.#lookUp(principal.id, claim.key, make);
		this.#underWay.set(place, finding);
		try {
			const { job, made } = await finding;
			if (!made) this.#underWay.delete(place);
			return made ? { job, replayed: false } : replay(job, claim);
		} catch (error) {
			this.#underWay.delete(place);
			throw error;
		}
	}

	/** Takes note of a job that was found unfinished at the start. */
	resume(job: LiveJob): void {
		const { claim } = job.record;
		if (claim)
			this.#underWay.set(
				placeOf(job.owner, claim.key),
				Promise.resolve({ job, made: false }),
			);
	}

	/** A job is over, and the store knows of it. */
	ended({ owner, record: { claim } }: LiveJob): void {
		if (claim) this.#underWay.delete(placeOf(owner, claim.key));
	}

	async #lookUp(
		owner: string,
		key: string,
		make: () => Promise<LiveJob>,
	): Promise<Finding> {
		const known = await this.#store.findByKey(owner, key);
		return known
			? { job: known, made: false }
			: { job: await make(), made: true };
	}
}

function replay(job: LiveJob | JobRecord, claim: IdempotencyClaim): FoundJob {
	const { claim: first } = job instanceof LiveJob ? job.record : job;
	if (first?.fingerprint !== claim.fingerprint) throw usedOtherwise();
	return { job, replayed: true };
}

function placeOf(owner: string, key: string): string {
	return `${owner}\n${key}`;
}

function usedOtherwise(): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		"this idempotency key was used for another function or other arguments",
		{ hint: "Use a new key for each intent." },
	);
}
