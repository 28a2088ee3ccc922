import * as v from "valibot";
import { JOB_STATUSES } from "@easyremote/shared/protocol";
import { JOB_KINDS, type JobRecord } from "./job-record.js";

/** Columns of a `JobRecord`: all of the table but what jobs are called with and give. */
export const JOB_COLUMNS =
	"id, kind, principal, target, status, idempotent, created_at, deadline_at, started_at, ended_at, expires_at, node_id, call_id, error, idempotency_key, fingerprint";

const principal = v.object({
	id: v.string(),
	subject: v.string(),
	anonymous: v.boolean(),
	grants: v.array(v.string()),
	expiresAt: v.optional(v.number()),
});

const target = v.object({
	function: v.string(),
	node: v.optional(v.string()),
	tags: v.optional(v.array(v.string())),
});

const wireError = v.object({
	code: v.string(),
	message: v.string(),
	hint: v.optional(v.string()),
	callId: v.optional(v.string()),
	details: v.optional(v.record(v.string(), v.unknown())),
	retryable: v.optional(v.boolean()),
	remoteName: v.optional(v.string()),
	remoteStack: v.optional(v.string()),
});

const json = <S extends v.GenericSchema<unknown, unknown>>(schema: S) =>
	v.pipe(v.string(), v.parseJson(), schema);

const row = v.object({
	id: v.string(),
	kind: v.picklist(JOB_KINDS),
	principal: json(principal),
	target: json(target),
	status: v.picklist(JOB_STATUSES),
	idempotent: v.number(),
	created_at: v.number(),
	deadline_at: v.number(),
	started_at: v.nullable(v.number()),
	ended_at: v.nullable(v.number()),
	expires_at: v.nullable(v.number()),
	node_id: v.nullable(v.string()),
	call_id: v.nullable(v.string()),
	error: v.nullable(json(wireError)),
	idempotency_key: v.nullable(v.string()),
	fingerprint: v.nullable(v.string()),
});

/** Reads a row of `JOB_COLUMNS`. Throws what valibot throws for one that is none. */
export function toJobRecord(found: unknown): JobRecord {
	const read = v.parse(row, found);
	const { idempotency_key: key, fingerprint } = read;
	return {
		id: read.id,
		kind: read.kind,
		principal: read.principal,
		target: read.target,
		status: read.status,
		idempotent: read.idempotent === 1,
		createdAt: read.created_at,
		deadlineAt: read.deadline_at,
		...present("startedAt", read.started_at),
		...present("endedAt", read.ended_at),
		...present("expiresAt", read.expires_at),
		...present("nodeId", read.node_id),
		...present("callId", read.call_id),
		...present("error", read.error),
		...(key === null || fingerprint === null
			? {}
			: { claim: { key, fingerprint } }),
	};
}

function present<K extends string, T>(
	key: K,
	value: T | null,
): Partial<Record<K, T>> {
	return value === null ? {} : ({ [key]: value } as Record<K, T>);
}
