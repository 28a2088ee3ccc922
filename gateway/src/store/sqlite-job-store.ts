import { isJobOver } from "@easyremote/shared/protocol";
import * as v from "valibot";
import { type Connection, storeFailure } from "./database.js";
import type { JobRecord } from "./job-record.js";
import { JOB_COLUMNS, toJobRecord } from "./job-row.js";
import type { JobStore } from "./job-store.js";
import { keyTaken } from "./memory-job-store.js";
import type { ValueFiles } from "./value-files.js";
import type { WriteBatch } from "./write-batch.js";

/** Values from here on are files, bytes: a smaller one costs less in the row that is written anyway. */
const FILE_FROM_BYTES = 64 * 1024;

type Role = "input" | "result";

const valueRow = v.object({
	bytes: v.nullable(v.number()),
	value: v.nullable(v.instance(Uint8Array)),
});
const idRow = v.object({ id: v.string() });

/** Jobs in a database, their large values in files. */
export function openSqliteJobStore(
	connection: Connection,
	batch: WriteBatch,
	files: ValueFiles,
): JobStore {
	const statements = prepare(connection);

	const read = <T>(work: () => T): T => {
		try {
			return work();
		} catch (error) {
			throw storeFailure("cannot read the jobs", error);
		}
	};
	const one = (found: unknown) =>
		found === undefined ? undefined : toJobRecord(found);
	const writeFile = async (
		id: string,
		role: Role,
		value: Uint8Array | undefined,
	) => {
		if (value && isLarge(value)) await files.write(fileName(id, role), value);
	};
	const removeFiles = async (id: string) => {
		await files.remove(fileName(id, "input"));
		await files.remove(fileName(id, "result"));
	};
	const readValue = async (id: string, role: Role) => {
		const found = read(() => statements[role].get(id));
		if (found === undefined) return undefined;
		const { bytes, value } = v.parse(valueRow, found);
		if (bytes === null) return undefined;
		return value ?? files.read(fileName(id, role));
	};

	/** A crash that came between a file and its row has left a file that nobody will ask for. */
	const removeOrphans = async () => {
		for (const name of files.names()) {
			const [, id, role] = /^([\w-]+)\.(input|result)$/.exec(name) ?? [];
			const job = id === undefined ? undefined : statements.find.get(id);
			const over = job !== undefined && isJobOver(toJobRecord(job).status);
			if (job === undefined || over !== (role === "result"))
				await files.remove(name);
		}
	};

	return {
		async insert(job, input) {
			await writeFile(job.id, "input", input);
			try {
				await batch.write("cannot store the job", () => {
					const row = toRow(job);
					const written = statements.insert.run(...row, ...columns(input));
					if (written.changes === 0) throw keyTaken();
				});
			} catch (error) {
				// Where even this fails, the next start clears it away.
				await files.remove(fileName(job.id, "input")).catch(() => undefined);
				throw error;
			}
		},
		async find(id) {
			return read(() => one(statements.find.get(id)));
		},
		async findByKey(owner, key) {
			return read(() => one(statements.findByKey.get(owner, key)));
		},
		async list({ owner, after, limit }) {
			return read(() =>
				(after
					? statements.listAfter.all(owner, after.createdAt, after.id, limit)
					: statements.list.all(owner, limit)
				).map(toJobRecord),
			);
		},
		async recover() {
			await removeOrphans();
			return read(() => statements.unfinished.all().map(toJobRecord));
		},
		async mark(id, { status, idempotent, startedAt }) {
			await batch.write("cannot store a job's state", () => {
				statements.mark.run(status, idempotent ? 1 : 0, startedAt ?? null, id);
			});
		},
		async finish(id, end, result) {
			await writeFile(id, "result", result);
			await batch.write("cannot store a job's end", () => {
				statements.finish.run(
					end.status,
					end.endedAt,
					end.expiresAt,
					end.nodeId ?? null,
					end.callId ?? null,
					end.error === undefined ? null : JSON.stringify(end.error),
					end.releaseKey === true ? 1 : 0,
					...columns(result),
					id,
				);
			});
			await files.remove(fileName(id, "input"));
		},
		async remove(id) {
			await batch.write("cannot forget a job", () => {
				statements.remove.run(id);
			});
			await removeFiles(id);
		},
		input: (id) => readValue(id, "input"),
		result: (id) => readValue(id, "result"),
		async sweep(now, limit) {
			const expired = read(() => statements.expired.all(now, limit)).map(
				(found) => v.parse(idRow, found).id,
			);
			if (expired.length === 0) return 0;
			await batch.write("cannot forget expired jobs", () => {
				for (const id of expired) statements.remove.run(id);
			});
			for (const id of expired) await removeFiles(id);
			return expired.length;
		},
	};
}

function fileName(id: string, role: Role): string {
	return `${id}.${role}`;
}

function isLarge(value: Uint8Array): boolean {
	return value.length >= FILE_FROM_BYTES;
}

/** Size and content of a value, the latter null where a file has it. */
function columns(
	value: Uint8Array | undefined,
): [number | null, Buffer | null] {
	if (!value) return [null, null];
	return [value.length, isLarge(value) ? null : Buffer.from(value)];
}

function toRow(job: JobRecord) {
	const { principal, claim } = job;
	return [
		job.id,
		job.kind,
		principal.id,
		JSON.stringify(principal),
		JSON.stringify(job.target),
		job.status,
		job.idempotent ? 1 : 0,
		job.createdAt,
		job.deadlineAt,
		job.startedAt ?? null,
		claim?.key ?? null,
		claim?.fingerprint ?? null,
	] as const;
}

function prepare(connection: Connection) {
	const select = `SELECT ${JOB_COLUMNS} FROM jobs`;
	const newestFirst = "ORDER BY created_at DESC, id DESC LIMIT ?";
	return {
		insert: connection.prepare(
			`INSERT INTO jobs (id, kind, owner, principal, target, status, idempotent, created_at, deadline_at, started_at,
				idempotency_key, fingerprint, input_bytes, input)
			 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, idempotency_key) DO NOTHING`,
		),
		find: connection.prepare(`${select} WHERE id = ?`),
		findByKey: connection.prepare(
			`${select} WHERE owner = ? AND idempotency_key = ?`,
		),
		list: connection.prepare(
			`${select} WHERE owner = ? AND kind = 'job' ${newestFirst}`,
		),
		listAfter: connection.prepare(
			`${select} WHERE owner = ? AND kind = 'job' AND (created_at, id) < (?, ?) ${newestFirst}`,
		),
		unfinished: connection.prepare(
			`${select} WHERE ended_at IS NULL ORDER BY created_at, rowid`,
		),
		mark: connection.prepare(
			"UPDATE jobs SET status = ?, idempotent = ?, started_at = ? WHERE id = ? AND ended_at IS NULL",
		),
		finish: connection.prepare(
			`UPDATE jobs SET status = ?, ended_at = ?, expires_at = ?, node_id = ?, call_id = ?, error = ?,
				idempotency_key = iif(?, NULL, idempotency_key), result_bytes = ?, result = ?, input_bytes = NULL, input = NULL
			 WHERE id = ? AND ended_at IS NULL`,
		),
		remove: connection.prepare("DELETE FROM jobs WHERE id = ?"),
		input: connection.prepare(
			"SELECT input_bytes AS bytes, input AS value FROM jobs WHERE id = ?",
		),
		result: connection.prepare(
			"SELECT result_bytes AS bytes, result AS value FROM jobs WHERE id = ?",
		),
		expired: connection.prepare(
			"SELECT id FROM jobs WHERE expires_at <= ? ORDER BY expires_at LIMIT ?",
		),
	};
}
