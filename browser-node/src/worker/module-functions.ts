import { type Executor, FunctionTable } from "@easyremote/shared/host";
import { systemClock } from "@easyremote/shared/time";
import type { NodeStart, PageApi } from "../ports/page-port.js";
import { describedEntry } from "./described-entry.js";
import { PageWorkers } from "./page-workers.js";
import type { ServedFunctions } from "./served-functions.js";
import { type CallStarted, WorkerExecutor } from "./worker-executor.js";
import { WorkerPool } from "./worker-pool.js";

/** The functions of the page owner's own module, in Workers that the page starts. */
export class ModuleFunctions implements ServedFunctions {
	readonly table = new FunctionTable();
	readonly executor: Executor;
	readonly #page: PageApi;
	readonly #tags: readonly string[];
	readonly #workers: PageWorkers;
	readonly #pool: WorkerPool;

	constructor(
		{ maxConcurrent, tags }: Pick<NodeStart, "maxConcurrent" | "tags">,
		page: PageApi,
		started: CallStarted,
	) {
		this.#page = page;
		this.#tags = tags;
		this.#workers = new PageWorkers(page);
		this.#pool = new WorkerPool({
			size: maxConcurrent,
			spawn: this.#workers.spawn,
			clock: systemClock,
		});
		this.executor = new WorkerExecutor(this.#pool, started);
	}

	async start(): Promise<void> {
		const functions = await this.#pool.start();
		this.#page.functions(functions);
		this.table.add(functions.map(describedEntry));
	}

	profile() {
		return {
			kind: "tab" as const,
			tags: [...this.#tags],
			engine: navigator.userAgent.slice(0, 256),
		};
	}

	workerFailed(worker: number, error: Error): void {
		this.#workers.failed(worker, error);
	}

	close(): void {
		this.#pool.close();
	}
}
