import { appendFile } from "node:fs/promises";

/** Only its owner may read who called what. */
const MODE = 0o600;

/**
 * Appends lines to a file, in order. Lines that come while others are being written go together in the next write. The
 * file is opened for each write, so that it may be moved away (logrotate) at any time. Not forced to the disk: what the
 * system had not written when its power failed is lost.
 */
export class LineFile {
	readonly #path: string;
	#waiting: string[] = [];
	/** The write that will take what waits, once the one under way is over. */
	#next: Promise<void> | undefined;
	#current: Promise<void> = Promise.resolve();

	constructor(path: string) {
		this.#path = path;
	}

	/** Resolves when the line is written; rejects as the file system does, and the line is lost. */
	append(line: string): Promise<void> {
		this.#waiting.push(`${line}\n`);
		// Whether the one before failed is for those to know whose lines it took.
		this.#next ??= this.#current
			.catch(() => undefined)
			.then(() => this.#write());
		return this.#next;
	}

	#write(): Promise<void> {
		const lines = this.#waiting.join("");
		this.#waiting = [];
		this.#current = appendFile(this.#path, lines, { mode: MODE });
		this.#next = undefined;
		return this.#current;
	}
}
