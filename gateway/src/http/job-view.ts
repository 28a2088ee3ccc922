import type { CallTarget } from "@easyremote/shared/caller";
import { fromWireError } from "@easyremote/shared/errors";
import type { JobProgress, JobSnapshot } from "../jobs/live-job.js";
import type { JobStatus } from "@easyremote/shared/protocol";
import { type Problem, toProblem } from "./problem.js";

/** A job as HTTP shows it. Times as in RFC 3339. */
export interface JobView {
	readonly id: string;
	readonly status: JobStatus;
	/** What was asked for: "function" or "node.function". */
	readonly function: string;
	/** The node that had it last. */
	readonly node?: string | undefined;
	readonly callId?: string | undefined;
	readonly progress?: JobProgress | undefined;
	readonly createdAt: string;
	readonly startedAt?: string | undefined;
	readonly endedAt?: string | undefined;
	/** When it is given up. */
	readonly deadlineAt: string;
	/** When it is forgotten. */
	readonly expiresAt?: string | undefined;
	/** Why it failed. */
	readonly error?: Problem | undefined;
}

/** Describes a job to its owner. */
export function viewJob({ record, progress }: JobSnapshot): JobView {
	const { callId, error } = record;
	return {
		id: record.id,
		status: record.status,
		function: referenceOf(record.target),
		node: record.nodeId,
		callId,
		progress,
		createdAt: time(record.createdAt),
		startedAt: optional(record.startedAt),
		endedAt: optional(record.endedAt),
		deadlineAt: time(record.deadlineAt),
		expiresAt: optional(record.expiresAt),
		error: error && toProblem(fromWireError(error), callId),
	};
}

/** Where a job is found. */
export function jobPath(id: string): string {
	return `/api/jobs/${id}`;
}

function referenceOf({ node, function: name }: CallTarget): string {
	return node === undefined ? name : `${node}.${name}`;
}

function time(ms: number): string {
	return new Date(ms).toISOString();
}

function optional(ms: number | undefined): string | undefined {
	return ms === undefined ? undefined : time(ms);
}
