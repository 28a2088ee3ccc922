import { X509Certificate } from "node:crypto";
import { type FSWatcher, realpathSync, watch } from "node:fs";
import { dirname } from "node:path";
import { toEasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import {
	readTlsMaterial,
	type TlsMaterial,
	type TlsSources,
	tlsFiles,
} from "./tls-material.js";

/** Certificate and key are written one after the other: nothing is read before it has been quiet this long, ms. */
const DEBOUNCE_MS = 500;
/** How often files are read whatever the watch says, ms: on network drives and in containers it may say nothing. */
const RECHECK_MS = 60_000;

export interface TlsRenewalOptions {
	readonly sources: TlsSources;
	/** What is in use at first. */
	readonly material: TlsMaterial;
	/** Puts new material to use. */
	readonly renew: (material: TlsMaterial) => void;
	readonly clock: Clock;
	readonly log: Logger;
}

/**
 * Follows changes of certificate files. What cannot be used is logged, and the former stays in use. Folders are watched,
 * since files are replaced by renaming, and those that links lead to as well.
 */
export class TlsRenewal {
	readonly #options: TlsRenewalOptions;
	readonly #watchers: FSWatcher[] = [];
	#material: TlsMaterial;
	#problem: string | undefined;
	#cancelRead: CancelTimer = () => undefined;
	#cancelRecheck: CancelTimer = () => undefined;

	/** Begins to follow the files among the sources; without any there is nothing to do. */
	constructor(options: TlsRenewalOptions) {
		this.#options = options;
		this.#material = options.material;
		const files = tlsFiles(options.sources);
		if (files.length === 0) return;
		for (const folder of foldersOf(files)) this.#watch(folder);
		this.#planRecheck();
	}

	close(): void {
		for (const watcher of this.#watchers) watcher.close();
		this.#cancelRead();
		this.#cancelRecheck();
	}

	#watch(folder: string): void {
		const { clock, log } = this.#options;
		try {
			const watcher = watch(folder, { persistent: false }, () => {
				this.#cancelRead();
				this.#cancelRead = clock.schedule(DEBOUNCE_MS, () => this.#read());
			});
			watcher.on("error", (error) => {
				log.warn({ folder, reason: error.message }, UNWATCHED);
			});
			this.#watchers.push(watcher);
		} catch (error) {
			const reason = error instanceof Error ? error.message : "unknown reason";
			log.warn({ folder, reason }, UNWATCHED);
		}
	}

	#planRecheck(): void {
		this.#cancelRecheck = this.#options.clock.schedule(RECHECK_MS, () => {
			this.#read();
			this.#planRecheck();
		});
	}

	#read(): void {
		const { sources, renew, log } = this.#options;
		try {
			const material = readTlsMaterial(sources);
			this.#problem = undefined;
			if (isSame(material, this.#material)) return;
			renew(material);
			this.#material = material;
			const { subject, validTo } = new X509Certificate(material.cert);
			log.info({ subject, validTo }, "the TLS certificate was renewed");
		} catch (error) {
			const { message } = toEasyRemoteError(error);
			// Once for each problem, not once a minute.
			if (message === this.#problem) return;
			this.#problem = message;
			log.error(
				{ reason: message },
				"the new TLS files cannot be used; the former certificate stays in use",
			);
		}
	}
}

const UNWATCHED =
	"the folder of a TLS file cannot be watched; it is looked at once a minute";

function foldersOf(files: readonly string[]): ReadonlySet<string> {
	return new Set(
		files.flatMap((file) => [dirname(file), dirname(realpathSync(file))]),
	);
}

function isSame(a: TlsMaterial, b: TlsMaterial): boolean {
	return a.cert === b.cert && a.key === b.key && a.clientCa === b.clientCa;
}
