import { Line } from "../async/line.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";

/** How much work a node takes on at once. */
export interface AdmissionLimits {
	/** Calls that run at the same time. */
	readonly maxConcurrent: number;
	/** Calls that wait for one of those places. */
	readonly maxQueue: number;
}

export const DEFAULT_ADMISSION_LIMITS: AdmissionLimits = {
	maxConcurrent: 10,
	maxQueue: 100,
};

/** Where an applicant is: running, or waiting with this ticket. */
export type Standing = "running" | { readonly ticket: number };

/** A call that asks for a place. The same object is handed to `enter` and to `leave`. */
export interface Applicant {
	/** The function's name: its own limit counts by it. */
	readonly functionName: string;
	/** How many calls of this function may run at the same time; undefined is no limit of its own. */
	readonly concurrency: number | undefined;
	/** Called synchronously from `enter`, or later when a place is free: the call has it until `leave`. */
	start(): void;
	/** Called instead of `start` when the queue is given up. */
	refuse(error: EasyRemoteError): void;
	/** Where it is, kept by the admission; absent before `enter` and after `leave`. */
	standing?: Standing | undefined;
}

/** Says in words why the machine should take no more work ("memory at 85 %, limit 80 %"); undefined when it may. */
export type OverloadCheck = () => string | undefined;

/** How long a caller is asked to stay away when the machine itself is short of something, ms. */
const OVERLOAD_RETRY_MS = 1_000;
const SHORTEST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 30_000;

/**
 * Who may run now, who waits, and who is sent away. First come, first served, except that a call
 * whose function is at its own limit lets those behind it pass.
 */
export class Admission {
	readonly #limits: AdmissionLimits;
	readonly #overloaded: OverloadCheck;
	readonly #queue = new Line<Applicant>();
	#running = 0;
	readonly #runningByName = new Map<string, number>();
	#draining = false;
	#typicalRunMs = SHORTEST_RETRY_MS;

	constructor(
		limits: AdmissionLimits,
		overloaded: OverloadCheck = () => undefined,
	) {
		this.#limits = limits;
		this.#overloaded = overloaded;
	}

	/** Calls running now. */
	get running(): number {
		return this.#running;
	}

	/** Calls waiting for a place. */
	get queued(): number {
		return this.#queue.size;
	}

	/**
	 * Gives the applicant a place (`start` is called before this returns), or puts it in the queue.
	 * Throws UNAVAILABLE (draining, or the machine overloaded) or RESOURCE_EXHAUSTED (queue full), with `retryAfterMs`.
	 */
	enter(applicant: Applicant): void {
		if (this.#draining) throw drainingError();
		const overload = this.#overloaded();
		if (overload !== undefined) throw overloadError(overload);
		// Whoever waits already was not able to start, so only a call of another function may overtake it.
		if (this.#running < this.#limits.maxConcurrent && this.#mayRun(applicant)) {
			this.#begin(applicant);
		} else if (this.#queue.size < this.#limits.maxQueue) {
			applicant.standing = { ticket: this.#queue.join(applicant) };
		} else {
			throw this.#queueFullError();
		}
	}

	/** Gives the place back, or leaves the queue. Doing it twice does nothing. */
	leave(applicant: Applicant, ranMs?: number): void {
		const { standing } = applicant;
		if (standing === undefined) return;
		applicant.standing = undefined;
		if (standing !== "running") {
			this.#queue.leave(standing.ticket);
			return;
		}
		this.#running -= 1;
		if (applicant.concurrency !== undefined)
			this.#countDown(applicant.functionName);
		if (ranMs !== undefined)
			this.#typicalRunMs += (ranMs - this.#typicalRunMs) / 8;
		if (this.#queue.size > 0) this.#startNext();
	}

	/** Takes no more calls and sends away those that wait: they have not started, so their callers may go elsewhere. */
	drain(): void {
		this.#draining = true;
		for (const applicant of [...this.#queue]) {
			this.leave(applicant);
			applicant.refuse(drainingError());
		}
	}

	#startNext(): void {
		for (const applicant of this.#queue) {
			if (this.#running >= this.#limits.maxConcurrent) return;
			if (!this.#mayRun(applicant)) continue;
			this.leave(applicant);
			this.#begin(applicant);
		}
	}

	#mayRun({ functionName, concurrency }: Applicant): boolean {
		return (
			concurrency === undefined ||
			(this.#runningByName.get(functionName) ?? 0) < concurrency
		);
	}

	#begin(applicant: Applicant): void {
		this.#running += 1;
		applicant.standing = "running";
		if (applicant.concurrency !== undefined) {
			const { functionName } = applicant;
			this.#runningByName.set(
				functionName,
				(this.#runningByName.get(functionName) ?? 0) + 1,
			);
		}
		applicant.start();
	}

	#countDown(functionName: string): void {
		const left = (this.#runningByName.get(functionName) ?? 1) - 1;
		if (left > 0) this.#runningByName.set(functionName, left);
		else this.#runningByName.delete(functionName);
	}

	#queueFullError(): EasyRemoteError {
		const { maxConcurrent, maxQueue } = this.#limits;
		const turnMs = (this.#typicalRunMs * (maxQueue + 1)) / maxConcurrent;
		return new EasyRemoteError(
			"RESOURCE_EXHAUSTED",
			`the node runs ${this.#running} calls and ${maxQueue} more wait: its queue is full`,
			{
				hint: "try again later, or use another provider of the function",
				details: { reason: "queue_full", maxConcurrent, maxQueue },
				retryAfterMs: Math.round(
					Math.min(Math.max(turnMs, SHORTEST_RETRY_MS), LONGEST_RETRY_MS),
				),
			},
		);
	}
}

function drainingError(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the node is shutting down and takes no more calls",
		{
			details: { reason: "draining" },
			retryAfterMs: OVERLOAD_RETRY_MS,
		},
	);
}

function overloadError(overload: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the node is overloaded: ${overload}`,
		{
			hint: "try again later, or use another provider of the function",
			details: { reason: "overloaded" },
			retryAfterMs: OVERLOAD_RETRY_MS,
		},
	);
}
