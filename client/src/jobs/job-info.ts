import { EasyRemoteError } from "@easyremote/shared/errors";
import { JOB_STATUSES, type JobStatus } from "@easyremote/shared/protocol";
import * as v from "valibot";
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

const time = v.pipe(
	v.string(),
	v.transform((text) => new Date(text)),
);

const schema = v.object({
	id: v.string(),
	status: v.picklist(JOB_STATUSES),
	function: v.string(),
	node: v.optional(v.string()),
	callId: v.optional(v.string()),
	progress: v.optional(
		v.object({
			fraction: v.optional(v.number()),
			message: v.optional(v.string()),
		}),
	),
	createdAt: time,
	startedAt: v.optional(time),
	endedAt: v.optional(time),
	deadlineAt: time,
	expiresAt: v.optional(time),
	error: v.optional(
		v.pipe(
			v.unknown(),
			v.transform((value) => fromProblem(value)),
		),
	),
});

const page = v.object({ jobs: v.array(schema), next: v.optional(v.string()) });

/** Reads a job as the gateway shows it. Throws INTERNAL for something else. */
export function readJob(value: unknown): JobInfo {
	return read(schema, value);
}

/** Reads a page of a list of jobs. Throws INTERNAL for something else. */
export function readJobPage(value: unknown): {
	readonly jobs: readonly JobInfo[];
	readonly next?: string | undefined;
} {
	return read(page, value);
}

function read<S extends v.GenericSchema>(
	wanted: S,
	value: unknown,
): v.InferOutput<S> {
	const result = v.safeParse(wanted, value);
	if (result.success) return result.output;
	throw new EasyRemoteError("INTERNAL", "the gateway's answer is no job", {
		hint: "Client and gateway should be of the same release.",
	});
}
