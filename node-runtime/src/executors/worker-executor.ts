import { fileURLToPath } from "node:url";
import type { CallContext, FunctionEntry } from "@easyremote/shared/functions";
import type { Executor } from "@easyremote/shared/host";
import { Piscina } from "piscina";
import { type FunctionSource, noModule } from "./function-source.js";
import { WorkerCall } from "./worker-call.js";

export interface WorkerExecutorOptions {
	/** Threads at most: as many as calls run at once, so that a call that was accepted does run. */
	readonly maxThreads: number;
	/** Where each function comes from. */
	readonly sourceOf: (entry: FunctionEntry) => FunctionSource | undefined;
	/** How long a cancelled function may go on before its thread is ended, ms. */
	readonly graceMs?: number;
	/** Hears of threads that end while they run no call: a function left something behind that failed. */
	readonly onCrash?: (error: Error) => void;
}

/** How long a cancelled function may go on before its thread is ended, ms. */
const GRACE_MS = 1_000;
/** How long a thread without work is kept, ms. */
const IDLE_MS = 60_000;

/**
 * Runs functions in worker threads: they may compute for as long as they like, and one that crashes, or does not heed
 * its cancellation, takes nothing else with it. Threads start with the first call.
 */
export class WorkerExecutor implements Executor {
	readonly #options: WorkerExecutorOptions;
	#pool: Piscina | undefined;
	/** Those that finish what they have. */
	readonly #leaving = new Set<Piscina>();

	constructor(options: WorkerExecutorOptions) {
		this.#options = options;
	}

	run(
		entry: FunctionEntry,
		call: CallContext,
		args: readonly unknown[],
	): Promise<unknown> {
		const source = this.#options.sourceOf(entry);
		if (!source) throw noModule(entry.name);
		this.#pool ??= createPool(this.#options);
		const running = new WorkerCall(this.#pool, {
			source,
			call,
			args,
			graceMs: this.#options.graceMs ?? GRACE_MS,
		});
		return running.answer;
	}

	/** Functions have changed: calls from now on run in threads that have loaded nothing yet. Those that run finish where they are. */
	renew(): void {
		const former = this.#pool;
		this.#pool = undefined;
		if (!former) return;
		this.#leaving.add(former);
		void former.close().finally(() => this.#leaving.delete(former));
	}

	async close(): Promise<void> {
		const pools = [...this.#leaving, ...(this.#pool ? [this.#pool] : [])];
		await Promise.all(pools.map((pool) => pool.destroy()));
	}
}

function createPool({ maxThreads, onCrash }: WorkerExecutorOptions): Piscina {
	const { filename, execArgv } = workerFile();
	const pool = new Piscina({
		filename,
		execArgv,
		minThreads: 0,
		maxThreads,
		idleTimeout: IDLE_MS,
		// The thread's own output goes where that of the process goes.
		trackUnmanagedFds: true,
	});
	// Without a listener it would end the process. A thread is replaced when it is next needed.
	pool.on("error", (error: Error) => onCrash?.(error));
	return pool;
}

/** The worker's entry; from sources (in this repository's own tests) it takes a loader of TypeScript. */
function workerFile(): { filename: string; execArgv: string[] } {
	const fromSource = import.meta.url.endsWith(".ts");
	const entry = new URL(
		fromSource ? "./call.worker.ts" : "./call.worker.js",
		import.meta.url,
	);
	if (!fromSource) return { filename: fileURLToPath(entry), execArgv: [] };
	const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
	const takeTypescript = `import { register } from ${tsx}; register();`;
	return {
		filename: fileURLToPath(entry),
		execArgv: [
			"--import",
			`data:text/javascript,${encodeURIComponent(takeTypescript)}`,
			"--conditions",
			"@easyremote/source",
		],
	};
}
