import type { CallContext, FunctionEntry } from "@easyremote/shared/functions";
import type { Executor } from "@easyremote/shared/host";
import type { WorkerPool } from "./worker-pool.js";

/** Hears of each call that begins to run. */
export type CallStarted = (entry: FunctionEntry, call: CallContext) => void;

/** Runs functions in the pool; their entries in the node Worker are only names. */
export class WorkerExecutor implements Executor {
	readonly #pool: WorkerPool;
	readonly #started: CallStarted;

	constructor(pool: WorkerPool, started: CallStarted) {
		this.#pool = pool;
		this.#started = started;
	}

	run(
		entry: FunctionEntry,
		call: CallContext,
		args: readonly unknown[],
	): Promise<unknown> {
		this.#started(entry, call);
		return this.#pool.run(entry.name, call, args);
	}

	close(): Promise<void> {
		this.#pool.close();
		return Promise.resolve();
	}
}
