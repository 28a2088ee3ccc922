import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";
import { type Connection, openDatabase, storeFailure } from "./database.js";
import { createAnswerStore } from "./sqlite-answer-store.js";
import { createSqliteBundleStore } from "./sqlite-bundle-store.js";
import { createDonorStore } from "./sqlite-donor-store.js";
import { duplicateKey } from "./memory-store.js";
import { openSqliteJobStore } from "./sqlite-job-store.js";
import { KEY_ROLES, type KeyRecord, type Store } from "./store.js";
import { ValueFiles } from "./value-files.js";
import { WriteBatch } from "./write-batch.js";

const keyRow = v.object({
	id: v.string(),
	hash: v.string(),
	role: v.picklist(KEY_ROLES),
	name: v.string(),
	grants: v.pipe(v.string(), v.parseJson(), v.array(v.string())),
	created_at: v.number(),
	expires_at: v.nullable(v.number()),
	revoked_at: v.nullable(v.number()),
});
const ownerRow = v.object({ owner: v.string() });
const dataVersionRow = v.object({ data_version: v.number() });

/**
 * A store in one SQLite file inside `folder` (WAL, synchronous FULL: what was answered survives a power cut).
 * Several processes may have it open at once. Throws as `openDatabase` does.
 */
export function openSqliteStore(folder: string): Store {
	const connection = openDatabase(folder);
	const statements = prepare(connection);
	const batch = new WriteBatch(connection);
	const jobs = openSqliteJobStore(connection, batch, new ValueFiles(folder));
	// `data_version` tells of other connections' writes only.
	let ownWrites = 0;

	return {
		keys: {
			async insert(key) {
				guarded("cannot store the key", () => {
					const written = statements.insertKey.run(
						key.id,
						key.hash,
						key.role,
						key.name,
						JSON.stringify(key.grants),
						key.createdAt,
						key.expiresAt ?? null,
						key.revokedAt ?? null,
					);
					if (written.changes === 0) throw duplicateKey(key.id);
					ownWrites += 1;
				});
			},
			async list() {
				return guarded("cannot read the keys", () =>
					statements.listKeys.all().map((row) => toKey(v.parse(keyRow, row))),
				);
			},
			async revoke(id, at) {
				return guarded("cannot revoke the key", () => {
					ownWrites += 1;
					return statements.revokeKey.run(at, id).changes > 0;
				});
			},
		},
		identities: {
			async bind(nodeId, owner, at) {
				return guarded("cannot bind the node id", () => {
					// A reader first: nodes reconnect far more often than they are new.
					const known = statements.readOwner.get(nodeId);
					if (known !== undefined) return v.parse(ownerRow, known).owner;
					statements.bindNode.run(nodeId, owner, at);
					ownWrites += 1;
					return v.parse(ownerRow, statements.readOwner.get(nodeId)).owner;
				});
			},
		},
		jobs,
		answers: createAnswerStore(connection, batch),
		bundles: createSqliteBundleStore(connection, batch),
		donors: createDonorStore(connection, batch),
		async version() {
			return guarded("cannot read the store's version", () => {
				const row = v.parse(dataVersionRow, statements.dataVersion.get());
				return `${row.data_version}.${ownWrites}`;
			});
		},
		async close() {
			if (!connection.open) return;
			batch.flush();
			connection.close();
		},
	};
}

function prepare(connection: Connection) {
	return {
		insertKey: connection.prepare(
			`INSERT INTO keys (id, hash, role, name, grants, created_at, expires_at, revoked_at)
			 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		),
		listKeys: connection.prepare(
			"SELECT * FROM keys ORDER BY created_at, rowid",
		),
		revokeKey: connection.prepare(
			"UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
		),
		readOwner: connection.prepare(
			"SELECT owner FROM identities WHERE node_id = ?",
		),
		bindNode: connection.prepare(
			"INSERT INTO identities (node_id, owner, created_at) VALUES (?, ?, ?) ON CONFLICT (node_id) DO NOTHING",
		),
		dataVersion: connection.prepare("PRAGMA data_version"),
	};
}

function toKey(row: v.InferOutput<typeof keyRow>): KeyRecord {
	return {
		id: row.id,
		hash: row.hash,
		role: row.role,
		name: row.name,
		grants: row.grants,
		createdAt: row.created_at,
		...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
		...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
	};
}

function guarded<T>(what: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw storeFailure(what, error);
	}
}
