import { mkdirSync, readdirSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { storeFailure } from "./database.js";

/** Name of the folder inside a data folder. */
const FOLDER = "values";
/** Behind the name of a file that is being written. */
const UNFINISHED = ".part";

/**
 * Large arguments and results of jobs, a file each. In the database 16 MiB held up everything else for 220 ms, in pieces of
 * 256 KiB still for 70 ms at a time; files are written by other threads.
 */
export class ValueFiles {
	readonly #folder: string;

	/** Makes the folder if it is not there. Throws UNAVAILABLE. */
	constructor(dataFolder: string) {
		this.#folder = join(dataFolder, FOLDER);
		try {
			// What callers send and get is nobody else's business.
			mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
		} catch (error) {
			throw storeFailure(`cannot make the folder ${this.#folder}`, error);
		}
	}

	/** Writes a file; it is durable once this resolves. Rejects with UNAVAILABLE, leaving nothing. */
	async write(name: string, bytes: Uint8Array): Promise<void> {
		const path = join(this.#folder, name);
		const unfinished = `${path}${UNFINISHED}`;
		try {
			const file = await open(unfinished, "w", 0o600);
			try {
				await file.writeFile(bytes);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(unfinished, path);
			await this.#syncFolder();
		} catch (error) {
			// Where even this fails, the next start clears it away.
			await rm(unfinished, { force: true }).catch(() => undefined);
			throw storeFailure("cannot store a large value", error);
		}
	}

	/** Rejects with UNAVAILABLE if it is not there or cannot be read. */
	async read(name: string): Promise<Uint8Array> {
		try {
			return await readFile(join(this.#folder, name));
		} catch (error) {
			throw storeFailure("cannot read a large value", error);
		}
	}

	/** Does nothing where there is none of that name. Rejects with UNAVAILABLE. */
	async remove(name: string): Promise<void> {
		try {
			await rm(join(this.#folder, name), { force: true });
		} catch (error) {
			throw storeFailure("cannot remove a large value", error);
		}
	}

	/** Names of all there are, those left unfinished by a crash included. Throws UNAVAILABLE. */
	names(): readonly string[] {
		try {
			return readdirSync(this.#folder);
		} catch (error) {
			throw storeFailure(`cannot list ${this.#folder}`, error);
		}
	}

	/** The new name is durable only when the folder is; Windows neither needs nor knows that. */
	async #syncFolder(): Promise<void> {
		if (process.platform === "win32") return;
		const folder = await open(this.#folder, "r");
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	}
}
