import { isJobOver } from "@easyremote/shared/protocol";
import { fromWireError, EasyRemoteError } from "@easyremote/shared/errors";
import type { EncodedValue } from "@easyremote/shared/codec";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import { assertOwner } from "../jobs/job-request.js";
import type { JobDesk } from "../jobs/job-desk.js";
import type { JobSnapshot } from "../jobs/live-job.js";
import type { JobRecord } from "../store/job-record.js";
import { type Accepted, readAccept } from "./accept.js";
import { answerBody } from "./call-answer.js";
import type { HttpEnv } from "./http-env.js";
import { viewJob } from "./job-view.js";
import { readPrefer } from "./prefer.js";
import { problemResponse, toProblem, PROBLEM_TYPE } from "./problem.js";

export interface JobRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	readonly jobs: JobDesk;
}

/** Jobs on a page of the list, where nothing else is asked for, and at most. */
const PAGE = { usual: 50, most: 200 } as const;

/** When to ask again for a job that is not over, s. */
const RETRY_AFTER_S = 1;

const NOT_KEPT = { "cache-control": "no-store" } as const;

/** `/api/jobs`: what has become of calls that were made with `Prefer: respond-async`. */
export function jobRoutes({
	authenticate,
	jobs,
}: JobRoutesOptions): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	const find = async (
		context: Context<HttpEnv>,
		done: (job: JobSnapshot) => boolean,
	) => {
		const principal = await authenticate(context);
		const { waitMs } = readPrefer(context.req.header("prefer"));
		const { signal } = context.req.raw;
		const id = context.req.param("id") ?? "";
		return jobs.wait(id, principal, done, { waitMs, signal });
	};

	routes.get("/api/jobs", async (context) => {
		const principal = await authenticate(context);
		assertOwner(principal);
		const limit = readLimit(context.req.query("limit"));
		const after = context.req.query("after");
		// One more than asked for tells whether there is another page.
		const found = await jobs.list(principal, { after, limit: limit + 1 });
		const page = found.slice(0, limit);
		const next = found.length > limit ? page.at(-1)?.record.id : undefined;
		return context.json({ jobs: page.map(viewJob), next }, 200, NOT_KEPT);
	});

	routes.get("/api/jobs/:id", async (context) => {
		const known = context.req.header("if-none-match");
		// Without a state to compare with, what is waited for is the end.
		const job = await find(context, (now) =>
			known === undefined ? isJobOver(now.record.status) : etag(now) !== known,
		);
		const headers = { ...NOT_KEPT, etag: etag(job) };
		if (etag(job) === known) return context.body(null, 304, headers);
		return context.json(viewJob(job), 200, headers);
	});

	routes.get("/api/jobs/:id/result", async (context) => {
		const { record } = await find(context, (now) =>
			isJobOver(now.record.status),
		);
		if (!isJobOver(record.status)) return notOver(record);
		const accepted = readAccept(context.req.header("accept"));
		return jobAnswer(record, () => jobs.result(record), accepted);
	});

	routes.delete("/api/jobs/:id", async (context) => {
		const principal = await authenticate(context);
		const job = await jobs.cancel(context.req.param("id"), principal);
		return context.json(viewJob(job), 200, NOT_KEPT);
	});
	return routes;
}

/** The answer that a job has come to: what a call that was waited for would have been answered. */
export async function jobAnswer(
	{ nodeId, callId, error }: JobRecord,
	readResult: () => Promise<EncodedValue>,
	accepted: Accepted,
	more: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const headers = {
		...more,
		...(nodeId === undefined ? {} : { "x-easyremote-node": nodeId }),
	};
	if (error) return problemResponse(fromWireError(error), headers, callId);
	const { type, body } = answerBody(await readResult(), accepted);
	return new Response(body, {
		status: 200,
		headers: {
			...headers,
			...NOT_KEPT,
			"content-type": type,
			"x-content-type-options": "nosniff",
			...(callId === undefined ? {} : { "x-easyremote-call-id": callId }),
		},
	});
}

/** 409: the request is right, the job is not yet in a state to answer it. */
function notOver({ id, status }: JobRecord): Response {
	const error = new EasyRemoteError("UNAVAILABLE", `job ${id} is ${status}`, {
		details: { reason: "job_not_finished", status },
		hint: "Ask again, or wait with Prefer: wait=30.",
		retryAfterMs: RETRY_AFTER_S * 1_000,
	});
	return new Response(JSON.stringify({ ...toProblem(error), status: 409 }), {
		status: 409,
		headers: {
			...NOT_KEPT,
			"content-type": PROBLEM_TYPE,
			"retry-after": String(RETRY_AFTER_S),
		},
	});
}

function etag({ version }: JobSnapshot): string {
	return `"${version}"`;
}

function readLimit(text: string | undefined): number {
	if (text === undefined) return PAGE.usual;
	const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
	if (limit >= 1 && limit <= PAGE.most) return limit;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`?limit= must be a whole number from 1 to ${PAGE.most}`,
	);
}
