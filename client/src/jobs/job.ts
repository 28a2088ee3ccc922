import { readTimeout } from "@easyremote/shared/caller";
import {
	decodeValue,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import { type JobDoor, jsonOf } from "./job-door.js";
import { isJobOver } from "@easyremote/shared/protocol";
import { type JobInfo, readJob } from "./job-info.js";

/** How to wait for a result. */
export interface ResultOptions {
	/** How long: ms, "1h"; without end unless given. */
	readonly timeout?: number | string | undefined;
	/** Ends the waiting, not the job. */
	readonly signal?: AbortSignal | undefined;
}

/** A call that goes on without its caller. Made by `client.job(id)`, in any process, with the credential that started it. */
export class Job<T = unknown> {
	readonly id: string;
	readonly #door: JobDoor;
	readonly #clock: Clock;

	/** Asks nothing yet. Throws INVALID_ARGUMENT for what cannot be an id. */
	constructor(id: string, door: JobDoor, clock: Clock) {
		if (!/^[\w-]{1,100}$/.test(id)) {
			throw new EasyRemoteError("INVALID_ARGUMENT", "this is no id of a job", {
				hint: "Pass the id that spawn() gave.",
			});
		}
		this.id = id;
		this.#door = door;
		this.#clock = clock;
	}

	/** The job as of now. Rejects with NOT_FOUND if it is not yours, or forgotten. */
	async status(): Promise<JobInfo> {
		const answer = await this.#door.request(`jobs/${this.id}`);
		return readJob(jsonOf(answer));
	}

	/**
	 * The job as of now and at each change, progress included, until it is over; changes in quick succession come as one.
	 * Leaving the loop leaves the job alone.
	 */
	async *events(
		options: Pick<ResultOptions, "signal"> = {},
	): AsyncGenerator<JobInfo, void, void> {
		let seen = '""';
		for (;;) {
			const answer = await this.#door.wait(`jobs/${this.id}`, {
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

	/**
	 * What the function gives; of a generator an array of its items. Rejects with the function's failure, CANCELLED if the job
	 * was, NOT_FOUND, or DEADLINE_EXCEEDED when the timeout of this wait is over: the job goes on, and may be asked again.
	 *
	 * @example
	 * const { id } = await gpu.train.spawn(10);
	 * const model = await client.job(id).result({ timeout: "1h" });
	 */
	async result(options: ResultOptions = {}): Promise<T> {
		const { timeout = Number.POSITIVE_INFINITY, signal } = options;
		const limit = new AbortController();
		const ms = readTimeout(timeout);
		const cancel = Number.isFinite(ms)
			? this.#clock.schedule(ms, () => limit.abort(this.#tooLong(ms)))
			: undefined;
		const signals = signal ? [limit.signal, signal] : [limit.signal];
		try {
			return (await this.#result(AbortSignal.any(signals))) as T;
		} finally {
			cancel?.();
		}
	}

	/** Cancels it, and aborts the function's signal. One that is over stays as it is: the answer says how it ended. */
	async cancel(): Promise<JobInfo> {
		const answer = await this.#door.request(`jobs/${this.id}`, {
			method: "DELETE",
		});
		return readJob(jsonOf(answer));
	}

	async #result(signal: AbortSignal): Promise<unknown> {
		for (;;) {
			try {
				const answer = await this.#door.wait(`jobs/${this.id}/result`, {
					headers: { accept: VALUE_MEDIA_TYPE },
					signal,
				});
				return decodeValue(unpackValue(answer.body));
			} catch (error) {
				if (!isUnfinished(error)) throw error;
			}
		}
	}

	#tooLong(timeoutMs: number): EasyRemoteError {
		return new EasyRemoteError(
			"DEADLINE_EXCEEDED",
			`job ${this.id} was not over within ${timeoutMs} ms`,
			{
				details: { phase: "running", timeoutMs },
				hint: "It goes on: ask for the result again, or give it more time.",
			},
		);
	}
}

function isUnfinished(error: unknown): boolean {
	return (
		error instanceof EasyRemoteError &&
		error.details?.["reason"] === "job_not_finished"
	);
}
