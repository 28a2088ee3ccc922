import * as v from "valibot";
import { storedRecord } from "../trust/donor-record.js";
import { type Connection, storeFailure } from "./database.js";
import type { DonorStore } from "./donor-store.js";
import type { WriteBatch } from "./write-batch.js";

const donorRow = v.object({
	id: v.string(),
	record: v.pipe(v.string(), v.parseJson(), storedRecord),
	cpu_ms: v.number(),
	validated: v.number(),
});

/** Donors in a table of their own. Methods throw UNAVAILABLE as all of the store's. */
export function createDonorStore(
	connection: Connection,
	batch: WriteBatch,
): DonorStore {
	const latest = connection.prepare(
		"SELECT id, record, cpu_ms, validated FROM donors ORDER BY changed_at DESC, id LIMIT ?",
	);
	const write = connection.prepare(
		`INSERT INTO donors (id, record, cpu_ms, validated, changed_at) VALUES (?, ?, ?, ?, ?)
		 ON CONFLICT (id) DO UPDATE SET record = excluded.record, cpu_ms = excluded.cpu_ms,
		 validated = excluded.validated, changed_at = excluded.changed_at`,
	);
	const forget = connection.prepare(
		"DELETE FROM donors WHERE id IN (SELECT id FROM donors ORDER BY changed_at DESC, id LIMIT -1 OFFSET ?)",
	);
	return {
		async list(most) {
			try {
				return latest
					.all(most)
					.map((row) => v.parse(donorRow, row))
					.map(({ id, record, cpu_ms, validated }) => ({
						id,
						record,
						cpuMs: cpu_ms,
						validated,
					}))
					.reverse();
			} catch (error) {
				throw storeFailure("cannot read what is known of donors", error);
			}
		},
		write: (donors, { at, keep }) =>
			batch.write("cannot store what is known of donors", () => {
				for (const { id, record, cpuMs, validated } of donors)
					write.run(id, JSON.stringify(record), cpuMs, validated, at);
				forget.run(keep);
			}),
	};
}
