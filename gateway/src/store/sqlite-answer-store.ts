import type { ValueFormat } from "@easyremote/shared/codec";
import * as v from "valibot";
import type { AnswerStore, StoredAnswer } from "./answer-store.js";
import { type Connection, storeFailure } from "./database.js";
import type { WriteBatch } from "./write-batch.js";

const FORMATS = [
	"msgpack",
	"structured",
	"json",
	"bytes",
] as const satisfies readonly ValueFormat[];

const answerRow = v.object({
	format: v.nullable(v.picklist(FORMATS)),
	run_ms: v.number(),
	expires_at: v.number(),
	body: v.nullable(v.instance(Uint8Array)),
});
const sizeRow = v.object({ bytes: v.number() });
const keyRow = v.object({ key: v.string(), bytes: v.number() });

/** Answers in a table of their own. Methods throw UNAVAILABLE as all of the store's. */
export function createAnswerStore(
	connection: Connection,
	batch: WriteBatch,
): AnswerStore {
	const read = connection.prepare(
		"SELECT format, run_ms, expires_at, body FROM answers WHERE key = ? AND expires_at > ?",
	);
	const write = connection.prepare(
		`INSERT INTO answers (key, format, run_ms, expires_at, bytes, body) VALUES (?, ?, ?, ?, ?, ?)
		 ON CONFLICT (key) DO UPDATE SET format = excluded.format, run_ms = excluded.run_ms,
		 expires_at = excluded.expires_at, bytes = excluded.bytes, body = excluded.body`,
	);
	const removeExpired = connection.prepare(
		"DELETE FROM answers WHERE expires_at <= ?",
	);
	const size = connection.prepare(
		"SELECT coalesce(sum(bytes), 0) AS bytes FROM answers",
	);
	const bySoonest = connection.prepare(
		"SELECT key, bytes FROM answers ORDER BY expires_at, key",
	);
	const remove = connection.prepare("DELETE FROM answers WHERE key = ?");

	function insert({ key, value, runMs, expiresAt }: StoredAnswer): void {
		const body = value && Buffer.from(value.body);
		write.run(
			key,
			value?.format ?? null,
			runMs,
			expiresAt,
			body?.length ?? 0,
			body ?? null,
		);
	}

	function shrinkTo(maxBytes: number): void {
		let excess = v.parse(sizeRow, size.get()).bytes - maxBytes;
		if (excess <= 0) return;
		for (const row of bySoonest.all()) {
			if (excess <= 0) return;
			const { key, bytes } = v.parse(keyRow, row);
			remove.run(key);
			excess -= bytes;
		}
	}

	return {
		async read(key, at) {
			try {
				const found = read.get(key, at);
				if (found === undefined) return undefined;
				const { format, body, run_ms, expires_at } = v.parse(answerRow, found);
				const value =
					format && body ? { format, body: new Uint8Array(body) } : undefined;
				return { key, value, runMs: run_ms, expiresAt: expires_at };
			} catch (error) {
				throw storeFailure("cannot read a kept answer", error);
			}
		},
		write: (answers, { at, maxBytes }) =>
			batch.write("cannot keep answers", () => {
				removeExpired.run(at);
				for (const answer of answers) insert(answer);
				shrinkTo(maxBytes);
			}),
	};
}
