/**
 * The database's history: entry n brings a database of version n to version n + 1 (kept in `user_version`).
 * Entries are never changed once released, only added.
 */
export const MIGRATIONS: readonly string[] = [
	`CREATE TABLE keys (
		id TEXT PRIMARY KEY,
		hash TEXT NOT NULL,
		role TEXT NOT NULL,
		name TEXT NOT NULL,
		grants TEXT NOT NULL,
		created_at INTEGER NOT NULL,
		expires_at INTEGER,
		revoked_at INTEGER
	) STRICT;
	CREATE TABLE identities (
		node_id TEXT PRIMARY KEY,
		owner TEXT NOT NULL,
		created_at INTEGER NOT NULL
	) STRICT;`,
];
