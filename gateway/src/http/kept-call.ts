import type { CallInput, CallTarget } from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Principal } from "../auth/principal.js";
import type { JobSettings } from "../config/job-options.js";
import { fingerprintOf, packInput } from "../jobs/job-input.js";
import { askAgain, waitFor } from "../jobs/job-waiting.js";
import type { JobDesk } from "../jobs/job-desk.js";
import { LiveJob } from "../jobs/live-job.js";
import type { FoundJob } from "../jobs/key-claims.js";
import type { Accepted } from "./accept.js";
import { jobAnswer } from "./job-routes.js";
import { jobPath, viewJob } from "./job-view.js";
import { problemResponse } from "./problem.js";

/** A call that is kept: because its caller does not wait for it, or because it has an idempotency key. */
export interface KeptCall {
	readonly principal: Principal;
	readonly target: CallTarget;
	readonly input: CallInput;
	readonly key: string | undefined;
	readonly respondAsync: boolean;
	/** As the caller asked for, ms. */
	readonly timeoutMs: number | undefined;
	/** Where that is not said, of a call that is waited for, ms. */
	readonly callTimeoutMs: number;
	readonly cache: boolean;
	readonly traceparent: string | undefined;
	readonly accepted: Accepted;
	/** The caller has left. */
	readonly signal: AbortSignal;
}

/** Header of an answer that an earlier request with the same idempotency key has caused. */
const REPLAYED = "idempotency-replayed";

/** How much longer than the call itself its answer is waited for, ms: it has to be stored. */
const STORING_MS = 5_000;

/**
 * Has a call run as a job, and answers: with 202 at once, or as the call itself would have been answered. Who leaves does not
 * stop it: the answer is there for the next try with the same key.
 */
export async function keepCall(
	call: KeptCall,
	jobs: JobDesk,
	settings: JobSettings,
): Promise<Response> {
	const { principal, target, key, respondAsync, cache, traceparent } = call;
	const input = packInput(call.input);
	const timeoutMs = settleTimeout(call, settings);
	const found = await jobs.submit({
		kind: respondAsync ? "job" : "call",
		principal,
		target,
		input,
		timeoutMs,
		cache,
		traceparent,
		claim:
			key === undefined
				? undefined
				: { key, fingerprint: fingerprintOf(target, input) },
	});
	const replayed: Record<string, string> = found.replayed
		? { [REPLAYED]: "true" }
		: {};
	if (respondAsync) return begun(found, replayed);
	return answer(found, { call, jobs, timeoutMs, headers: replayed });
}

function begun({ job }: FoundJob, headers: Record<string, string>): Response {
	const snapshot =
		job instanceof LiveJob
			? job.snapshot
			: { record: job, version: job.status };
	return Response.json(viewJob(snapshot), {
		status: 202,
		headers: {
			...headers,
			location: jobPath(snapshot.record.id),
			"preference-applied": "respond-async",
			"cache-control": "no-store",
		},
	});
}

async function answer(
	{ job }: FoundJob,
	{
		call,
		jobs,
		timeoutMs,
		headers,
	}: {
		readonly call: KeptCall;
		readonly jobs: JobDesk;
		readonly timeoutMs: number;
		readonly headers: Record<string, string>;
	},
): Promise<Response> {
	const { accepted, signal } = call;
	if (!(job instanceof LiveJob))
		return jobAnswer(job, () => jobs.result(job), accepted, headers);
	const patience = jobs.patience({ waitMs: timeoutMs + STORING_MS, signal });
	await waitFor(job, () => job.stored || job.trouble !== undefined, patience);
	if (!job.stored) throw askAgain(job.trouble);
	const { record, result } = job;
	if (job.forgotten) return problemResponse(job.error, headers, record.callId);
	return jobAnswer(
		record,
		() => (result ? Promise.resolve(result) : jobs.result(record)),
		accepted,
		headers,
	);
}

function settleTimeout(
	{ timeoutMs, respondAsync, callTimeoutMs }: KeptCall,
	{ timeout, maxTimeout }: JobSettings,
): number {
	const settled = timeoutMs ?? (respondAsync ? timeout : callTimeoutMs);
	if (settled <= maxTimeout) return settled;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`x-easyremote-timeout is over the ${maxTimeout} ms that a call which is kept may take`,
		{ hint: "Ask for less, or raise jobs.maxTimeout." },
	);
}
