import { EasyRemoteError } from "@easyremote/shared/errors";
import type { JobDesk, ResultOptions } from "./job-desk.js";
import type { JobInfo } from "./job-info.js";

/** A call that goes on without its caller. Made by `client.job(id)`, in any process, with the credential that started it. */
export class Job<T = unknown> {
	readonly id: string;
	readonly #desk: () => Promise<JobDesk>;

	/** Asks nothing yet. Throws INVALID_ARGUMENT for what cannot be an id. */
	constructor(id: string, desk: () => Promise<JobDesk>) {
		if (!/^[\w-]{1,100}$/.test(id)) {
			throw new EasyRemoteError("INVALID_ARGUMENT", "this is no id of a job", {
				hint: "Pass the id that spawn() gave.",
			});
		}
		this.id = id;
		this.#desk = desk;
	}

	/** The job as of now. Rejects with NOT_FOUND if it is not yours, or forgotten. */
	async status(): Promise<JobInfo> {
		return (await this.#desk()).status(this.id);
	}

	/**
	 * The job as of now and at each change, progress included, until it is over; changes in quick succession come as one.
	 * Leaving the loop leaves the job alone.
	 */
	async *events(
		options: Pick<ResultOptions, "signal"> = {},
	): AsyncGenerator<JobInfo, void, void> {
		yield* (await this.#desk()).events(this.id, options);
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
		return (await (await this.#desk()).result(this.id, options)) as T;
	}

	/** Cancels it, and aborts the function's signal. One that is over stays as it is: the answer says how it ended. */
	async cancel(): Promise<JobInfo> {
		return (await this.#desk()).cancel(this.id);
	}
}
