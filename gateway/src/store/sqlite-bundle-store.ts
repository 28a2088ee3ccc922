import { bundleManifest } from "@easyremote/shared/protocol";
import { schemaOf } from "@easyremote/shared/shapes";
import * as v from "valibot";
import type { BundleRecord, BundleStore } from "./bundle-store.js";
import { type Connection, storeFailure } from "./database.js";
import { versionTaken } from "./memory-bundle-store.js";
import type { WriteBatch } from "./write-batch.js";

const bundleRow = v.object({
	manifest: v.pipe(v.string(), v.parseJson(), schemaOf(bundleManifest)),
	publisher: v.string(),
	published_at: v.number(),
});
const codeRow = v.object({ code: v.instance(Uint8Array) });

/**
 * Published bundles in tables of their own, the code as well: a version and its code are then written and removed in one
 * transaction, so that no crash can part them. Holding everything up for a few MB now and then is no harm, since publishing is rare.
 */
export function createSqliteBundleStore(
	connection: Connection,
	batch: WriteBatch,
): BundleStore {
	const insert = connection.prepare(
		`INSERT INTO bundles (name, version, sha256, manifest, publisher, published_at) VALUES (?, ?, ?, ?, ?, ?)
		 ON CONFLICT (name, version) DO NOTHING`,
	);
	const insertCode = connection.prepare(
		"INSERT INTO bundle_code (sha256, code) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
	);
	const list = connection.prepare(
		"SELECT manifest, publisher, published_at FROM bundles ORDER BY published_at, rowid",
	);
	const code = connection.prepare(
		"SELECT code FROM bundle_code WHERE sha256 = ?",
	);
	const removeVersion = connection.prepare(
		"DELETE FROM bundles WHERE name = ? AND version = ?",
	);
	const removeAll = connection.prepare("DELETE FROM bundles WHERE name = ?");
	const removeUnused = connection.prepare(
		"DELETE FROM bundle_code WHERE sha256 NOT IN (SELECT sha256 FROM bundles)",
	);

	const read = <T>(work: () => T): T => {
		try {
			return work();
		} catch (error) {
			throw storeFailure("cannot read what is published", error);
		}
	};

	return {
		insert({ manifest, publisher, publishedAt }, bytes) {
			const { name, version, sha256 } = manifest;
			return batch.write("cannot store the bundle", () => {
				const json = JSON.stringify(manifest);
				const written = insert.run(
					name,
					version,
					sha256,
					json,
					publisher,
					publishedAt,
				);
				if (written.changes === 0) throw versionTaken(manifest);
				insertCode.run(sha256, Buffer.from(bytes));
			});
		},
		async list() {
			return read(() =>
				list.all().map((row) => toRecord(v.parse(bundleRow, row))),
			);
		},
		async code(sha256) {
			return read(() => {
				const found = code.get(sha256);
				return found === undefined
					? undefined
					: new Uint8Array(v.parse(codeRow, found).code);
			});
		},
		async remove(name, version) {
			let removed = 0;
			await batch.write("cannot remove the bundle", () => {
				removed = (
					version === undefined
						? removeAll.run(name)
						: removeVersion.run(name, version)
				).changes;
				removeUnused.run();
			});
			return removed;
		},
	};
}

function toRecord({
	manifest,
	publisher,
	published_at,
}: v.InferOutput<typeof bundleRow>): BundleRecord {
	return { manifest, publisher, publishedAt: published_at };
}
