import { type CallRequest, readTimeout } from "@easyremote/shared/caller";
import {
	decodeValue,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { isJobOver } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import { JobDoor, type JobDoorOptions, jsonOf } from "./job-door.js";
import { type JobInfo, readJob } from "./job-info.js";
import { listJobs } from "./list-jobs.js";

/** How to wait for a result. */
export interface ResultOptions {
	/** How long: ms, "1h"; without end unless given. */
	readonly timeout?: number | string | undefined;
	/** Ends the waiting, not the job. */
	readonly signal?: AbortSignal | undefined;
}

/** What is done with jobs, over the gateway's door for them. Pages fetch its code with their first job. */
export class JobDesk {
	readonly #door: JobDoor;
	readonly #clock: Clock;

	constructor(door: JobDoor, clock: Clock) {
		this.#door = door;
		this.#clock = clock;
	}

	/** Starts one. Rejects as the gateway refuses it, with INVALID_ARGUMENT or UNAVAILABLE. */
	async spawn(request: CallRequest): Promise<JobInfo> {
		return readJob(await this.#door.spawn(request));
	}

	async status(id: string): Promise<JobInfo> {
		const answer = await this.#door.request(`jobs/${id}`);
		return readJob(jsonOf(answer));
	}

	async *events(
		id: string,
		options: Pick<ResultOptions, "signal">,
	): AsyncGenerator<JobInfo, void, void> {
		let seen = '""';
		for (;;) {
			const answer = await this.#door.wait(`jobs/${id}`, {
				headers: { "if-none-match": seen },
				signal: options.signal,
			});
			if (answer.status === 304) continue;
			seen = answer.etag ?? seen;
			const info = readJob(jsonOf(answer));
			yield info;
			if (isJobOver(info.status)) return;
		}
	}

	async result(id: string, options: ResultOptions): Promise<unknown> {
		const { timeout = Number.POSITIVE_INFINITY, signal } = options;
		const limit = new AbortController();
		const ms = readTimeout(timeout);
		const cancel = Number.isFinite(ms)
			? this.#clock.schedule(ms, () => limit.abort(tooLong(id, ms)))
			: undefined;
		const signals = signal ? [limit.signal, signal] : [limit.signal];
		try {
			return await this.#result(id, AbortSignal.any(signals));
		} finally {
			cancel?.();
		}
	}

	async cancel(id: string): Promise<JobInfo> {
		const answer = await this.#door.request(`jobs/${id}`, {
			method: "DELETE",
		});
		return readJob(jsonOf(answer));
	}

	/** One's own, newest first. */
	list(limit: number | undefined): Promise<readonly JobInfo[]> {
		return listJobs(this.#door, limit);
	}

	async #result(id: string, signal: AbortSignal): Promise<unknown> {
		for (;;) {
			try {
				const answer = await this.#door.wait(`jobs/${id}/result`, {
					headers: { accept: VALUE_MEDIA_TYPE },
					signal,
				});
				return decodeValue(unpackValue(answer.body));
			} catch (error) {
				if (!isUnfinished(error)) throw error;
			}
		}
	}
}

/** The desk of a gateway. */
export function openJobDesk(options: JobDoorOptions): JobDesk {
	return new JobDesk(new JobDoor(options), options.clock);
}

function tooLong(id: string, timeoutMs: number): EasyRemoteError {
	return new EasyRemoteError(
		"DEADLINE_EXCEEDED",
		`job ${id} was not over within ${timeoutMs} ms`,
		{
			details: { phase: "running", timeoutMs },
			hint: "It goes on: ask for the result again, or give it more time.",
		},
	);
}

function isUnfinished(error: unknown): boolean {
	return (
		error instanceof EasyRemoteError &&
		error.details?.["reason"] === "job_not_finished"
	);
}
