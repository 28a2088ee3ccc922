import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import Database from "libsql";
import * as v from "valibot";
import { MIGRATIONS } from "./migrations.js";

/** An open SQLite connection. */
export type Connection = Database.Database;

/** Name of the database inside a data folder. */
const DATABASE_FILE = "easyremote.db";

/** How long a write waits for another process that is writing, ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** Size of the write-ahead log that is kept for reuse. */
const LOG_KEPT_BYTES = 16 * 1024 * 1024;

const versionRow = v.array(v.object({ user_version: v.number() }));

/**
 * Opens the database of a data folder, making both where there are none, and brings it up to date.
 * Throws UNAVAILABLE naming the folder, or UNIMPLEMENTED if a newer release has written it.
 */
export function openDatabase(folder: string): Connection {
	const file = join(folder, DATABASE_FILE);
	let connection: Connection | undefined;
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
		// Key hashes are nobody else's business.
		chmodSync(file, 0o600);
		connection.pragma("journal_mode = WAL");
		connection.pragma("synchronous = FULL");
		// What a burst of jobs has made of the log is given back to the disk.
		connection.pragma(`journal_size_limit = ${LOG_KEPT_BYTES}`);
		migrate(connection, file);
		return connection;
	} catch (error) {
		connection?.close();
		if (error instanceof EasyRemoteError) throw error;
		throw storeFailure(`cannot open the store in ${folder}`, error);
	}
}

/** Wraps what SQLite throws, so that callers see one kind of error. */
export function storeFailure(what: string, cause: unknown): EasyRemoteError {
	const reason = cause instanceof Error ? cause.message : String(cause);
	return new EasyRemoteError("UNAVAILABLE", `${what}: ${reason}`, {
		hint: "Check that the data folder exists, is writable and has free space.",
		cause,
	});
}

function migrate(connection: Connection, file: string): void {
	// One transaction that writes from its start: two processes starting at once must not both migrate.
	connection.exec("BEGIN IMMEDIATE");
	try {
		const found = readVersion(connection);
		if (found > MIGRATIONS.length) {
			throw new EasyRemoteError(
				"UNIMPLEMENTED",
				`${file} has version ${found}, this release knows up to ${MIGRATIONS.length}`,
				{
					hint: "Start the newer release that wrote it, or use another data folder.",
				},
			);
		}
		for (const statement of MIGRATIONS.slice(found)) connection.exec(statement);
		connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
		connection.exec("COMMIT");
	} catch (error) {
		connection.exec("ROLLBACK");
		throw error;
	}
}

function readVersion(connection: Connection): number {
	const [row] = v.parse(
		versionRow,
		connection.prepare("PRAGMA user_version").all(),
	);
	return row?.user_version ?? 0;
}
