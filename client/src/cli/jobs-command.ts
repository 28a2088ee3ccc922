import type { Client } from "../client.js";
import type { JobInfo } from "../jobs/job-info.js";
import type { Output } from "./output.js";
import { table } from "./table.js";

/** Most jobs that are listed. */
const MOST = 200;

/** `jobs`: one's own, newest first. */
export async function jobs(client: Client, output: Output): Promise<void> {
	const all = await client.jobs({ limit: MOST });
	if (output.json) for (const job of all) await output.value(plain(job));
	else if (all.length === 0) await output.note("You have no jobs here.");
	else {
		const headings = [
			"JOB",
			"STATUS",
			"FUNCTION",
			"NODE",
			"CREATED",
			"PROGRESS",
		];
		await output.text(table(headings, all.map(row)));
	}
}

/** `jobs cancel ID`. */
export async function cancelJob(
	client: Client,
	id: string,
	output: Output,
): Promise<void> {
	const job = await client.job(id).cancel();
	if (output.json) await output.value(plain(job));
	else await output.note(`Job ${job.id} is ${job.status}.`);
}

/** `jobs result ID`: waits for it. */
export async function jobResult(
	client: Client,
	id: string,
	timeout: string | undefined,
	output: Output,
): Promise<void> {
	await output.value(await client.job(id).result({ timeout }));
}

function row(job: JobInfo): readonly string[] {
	const { fraction, message } = job.progress ?? {};
	const progress = [
		fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`,
		message,
	].filter((part) => part !== undefined);
	return [
		job.id,
		job.error ? `${job.status} ${job.error.code}` : job.status,
		job.function,
		job.node ?? "",
		job.createdAt.toISOString(),
		progress.join(" "),
	];
}

/** Without what only a program sees in an error. */
function plain({ error, ...job }: JobInfo): unknown {
	return error
		? { ...job, error: { code: error.code, message: error.message } }
		: job;
}
