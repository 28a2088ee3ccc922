import { transfer } from "comlink";
import type { PageApi } from "../ports/page-port.js";
import type { SpawnWorker } from "./pooled-worker.js";

/** The part of the page that starts Workers. */
export type WorkerPage = Pick<PageApi, "spawnWorker" | "terminateWorker">;

/** Asks the page for function Workers, since only the page can start those that a bundler made. */
export class PageWorkers {
	readonly #page: WorkerPage;
	readonly #failed = new Map<number, (error: Error) => void>();
	#last = 0;

	constructor(page: WorkerPage) {
		this.#page = page;
	}

	readonly spawn: SpawnWorker = (failed) => {
		this.#last += 1;
		const id = this.#last;
		const { port1, port2 } = new MessageChannel();
		this.#failed.set(id, failed);
		this.#page.spawnWorker(id, transfer(port2, [port2]));
		return {
			port: port1,
			terminate: () => {
				this.#failed.delete(id);
				this.#page.terminateWorker(id);
			},
		};
	};

	/** The page could not start a Worker, or its script broke outside of what it serves. */
	failed(id: number, error: Error): void {
		this.#failed.get(id)?.(error);
	}
}
