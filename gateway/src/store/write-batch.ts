import { EasyRemoteError } from "@easyremote/shared/errors";
import { type Connection, storeFailure } from "./database.js";

interface Write {
	readonly work: () => void;
	readonly done: () => void;
	readonly failed: (error: unknown) => void;
}

/**
 * Writes of many callers, those of one turn of the event loop in one transaction: what makes a write durable is the wait for
 * the disk, and that costs the same for one as for a hundred.
 */
export class WriteBatch {
	readonly #connection: Connection;
	#waiting: Write[] = [];

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	/**
	 * Does `work`, statements on this connection, in the next transaction. Resolves once it is durable; rejects, nothing of it
	 * done, with the EasyRemoteError that `work` throws, or with UNAVAILABLE naming `what`.
	 */
	write(what: string, work: () => void): Promise<void> {
		return new Promise((done, reject) => {
			if (this.#waiting.length === 0) setImmediate(() => this.flush());
			const failed = (error: unknown) =>
				reject(
					error instanceof EasyRemoteError ? error : storeFailure(what, error),
				);
			this.#waiting.push({ work, done, failed });
		});
	}

	/** Writes what waits now. */
	flush(): void {
		const writes = this.#waiting;
		if (writes.length === 0) return;
		this.#waiting = [];
		const written: Write[] = [];
		try {
			this.#connection.exec("BEGIN IMMEDIATE");
			for (const write of writes) if (this.#attempt(write)) written.push(write);
			this.#connection.exec("COMMIT");
		} catch (error) {
			this.#rollBack();
			// Those that failed by themselves have been told already; a second word does nothing.
			for (const write of writes) write.failed(error);
			return;
		}
		for (const write of written) write.done();
	}

	/** A write that fails takes only itself back, unless SQLite has given up the whole transaction (a full disk). */
	#attempt(write: Write): boolean {
		this.#connection.exec("SAVEPOINT one");
		try {
			write.work();
			this.#connection.exec("RELEASE one");
			return true;
		} catch (error) {
			if (!this.#connection.inTransaction) throw error;
			this.#connection.exec("ROLLBACK TO one");
			this.#connection.exec("RELEASE one");
			write.failed(error);
			return false;
		}
	}

	#rollBack(): void {
		if (this.#connection.inTransaction) this.#connection.exec("ROLLBACK");
	}
}
