import { EasyRemoteError } from "@easyremote/shared/errors";
import { JOB_STATUSES, type JobStatus } from "@easyremote/shared/protocol";
import {
	converted,
	list,
	Mismatch,
	number,
	object,
	oneOf,
	optional,
	type Shape,
	string,
	unknown,
} from "@easyremote/shared/shapes";
import { fromProblem } from "./response-error.js";

/** A job as of some moment. */
export interface JobInfo {
	readonly id: string;
	readonly status: JobStatus;
	/** What was asked for: "function" or "node.function". */
	readonly function: string;
	/** The node that had it last. */
	readonly node?: string | undefined;
	readonly callId?: string | undefined;
	/** The latest that the function said of itself. */
	readonly progress?:
		| {
				readonly fraction?: number | undefined;
				readonly message?: string | undefined;
		  }
		| undefined;
	readonly createdAt: Date;
	readonly startedAt?: Date | undefined;
	readonly endedAt?: Date | undefined;
	/** When it is given up. */
	readonly deadlineAt: Date;
	/** When its result is forgotten. */
	readonly expiresAt?: Date | undefined;
	/** Why it failed. */
	readonly error?: EasyRemoteError | undefined;
}

const time = converted(string, (text) => new Date(text));

const job = object({
	id: string,
	status: oneOf(...JOB_STATUSES),
	function: string,
	node: optional(string),
	callId: optional(string),
	progress: optional(
		object({
			fraction: optional(number),
			message: optional(string),
		}),
	),
	createdAt: time,
	startedAt: optional(time),
	endedAt: optional(time),
	deadlineAt: time,
	expiresAt: optional(time),
	error: optional(converted(unknown, fromProblem)),
});

const page = object({ jobs: list(job), next: optional(string) });

/** Reads a job as the gateway shows it. Throws INTERNAL for something else. */
export function readJob(value: unknown): JobInfo {
	return read(job, value);
}

/** Reads a page of a list of jobs. Throws INTERNAL for something else. */
export function readJobPage(value: unknown): {
	readonly jobs: readonly JobInfo[];
	readonly next?: string | undefined;
} {
	return read(page, value);
}

function read<T>(wanted: Shape<T>, value: unknown): T {
	const found = wanted(value);
	if (!(found instanceof Mismatch)) return found;
	throw new EasyRemoteError("INTERNAL", "the gateway's answer is no job", {
		hint: "Client and gateway should be of the same release.",
	});
}
