/** Where a job is. The last three are its end. */
export const JOB_STATUSES = [
	"queued",
	"running",
	"succeeded",
	"failed",
	"cancelled",
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Whether nothing more will happen to a job of this status. */
export function isJobOver(status: JobStatus): boolean {
	return status !== "queued" && status !== "running";
}
