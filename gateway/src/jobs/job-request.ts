import type { CallTarget } from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Principal } from "../auth/principal.js";
import type {
	IdempotencyClaim,
	JobKind,
	JobRecord,
} from "../store/job-record.js";

/** A call that is to be kept. */
export interface JobRequest {
	readonly kind: JobKind;
	readonly principal: Principal;
	readonly target: CallTarget;
	/** Arguments as `packInput` gives them. */
	readonly input: Uint8Array;
	/** Time it may take, waiting included, ms. */
	readonly timeoutMs: number;
	/** Whether an answer from a cache will do. */
	readonly cache: boolean;
	/** W3C trace context that goes with its calls. */
	readonly traceparent?: string | undefined;
	readonly claim?: IdempotencyClaim | undefined;
}

/** The record that a request begins with. A mere call runs at once. */
export function newJob(
	request: JobRequest,
	made: {
		readonly id: string;
		readonly now: number;
		readonly idempotent: boolean;
	},
): JobRecord {
	const { kind, principal, target, timeoutMs, claim } = request;
	const { id, now, idempotent } = made;
	return {
		id,
		kind,
		principal,
		target,
		status: kind === "job" ? "queued" : "running",
		idempotent,
		createdAt: now,
		deadlineAt: now + timeoutMs,
		...(kind === "job" ? {} : { startedAt: now }),
		...(claim ? { claim } : {}),
	};
}

/** Throws UNAUTHENTICATED for somebody who is everybody: what is kept would be as much the next one's. */
export function assertOwner({ anonymous }: Principal): void {
	if (!anonymous) return;
	throw new EasyRemoteError(
		"UNAUTHENTICATED",
		"jobs and idempotency keys belong to whoever uses them, so they take a credential",
		{ hint: "Send an API key: Authorization: Bearer er_…." },
	);
}

/** No such job, or one of somebody else. */
export function noSuchJob(id: string): EasyRemoteError {
	return new EasyRemoteError(
		"NOT_FOUND",
		`there is no job ${id.slice(0, 100)}`,
		{
			hint: "It may have expired: results are kept for a while only. GET /api/jobs lists yours.",
		},
	);
}
