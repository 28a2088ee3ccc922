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
	`CREATE TABLE jobs (
		id TEXT PRIMARY KEY,
		kind TEXT NOT NULL,
		owner TEXT NOT NULL,
		principal TEXT NOT NULL,
		target TEXT NOT NULL,
		status TEXT NOT NULL,
		idempotent INTEGER NOT NULL,
		created_at INTEGER NOT NULL,
		deadline_at INTEGER NOT NULL,
		started_at INTEGER,
		ended_at INTEGER,
		expires_at INTEGER,
		node_id TEXT,
		call_id TEXT,
		error TEXT,
		idempotency_key TEXT,
		fingerprint TEXT,
		input_bytes INTEGER,
		result_bytes INTEGER,
		input BLOB,
		result BLOB,
		UNIQUE (owner, idempotency_key)
	) STRICT;
	CREATE INDEX jobs_by_owner ON jobs (owner, created_at, id) WHERE kind = 'job';
	CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE ended_at IS NULL;
	CREATE INDEX jobs_by_expiry ON jobs (expires_at) WHERE expires_at IS NOT NULL;`,
	`CREATE TABLE answers (
		key TEXT PRIMARY KEY,
		format TEXT,
		run_ms REAL NOT NULL,
		expires_at INTEGER NOT NULL,
		bytes INTEGER NOT NULL,
		body BLOB
	) STRICT;
	CREATE INDEX answers_by_expiry ON answers (expires_at);`,
	`CREATE TABLE bundles (
		name TEXT NOT NULL,
		version TEXT NOT NULL,
		sha256 TEXT NOT NULL,
		manifest TEXT NOT NULL,
		publisher TEXT NOT NULL,
		published_at INTEGER NOT NULL,
		PRIMARY KEY (name, version)
	) STRICT;
	CREATE INDEX bundles_by_code ON bundles (sha256);
	CREATE TABLE bundle_code (
		sha256 TEXT PRIMARY KEY,
		code BLOB NOT NULL
	) STRICT;`,
	`CREATE TABLE donors (
		id TEXT PRIMARY KEY,
		record TEXT NOT NULL,
		cpu_ms REAL NOT NULL,
		validated INTEGER NOT NULL,
		changed_at INTEGER NOT NULL
	) STRICT;
	CREATE INDEX donors_by_change ON donors (changed_at);`,
];
