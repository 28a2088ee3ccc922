import { EasyRemoteError } from "@easyremote/shared/errors";
import type { FunctionSource } from "../browser-node.js";
import type { FunctionWorkerBoot } from "../ports/function-port.js";

/**
 * The function Workers of a node, started and ended by the page: only here can a bundler see the user's own
 * Workers, and ending them needs no answer of the node Worker.
 */
export class FunctionWorkers {
	readonly #source: FunctionSource;
	readonly #failed: (worker: number, error: EasyRemoteError) => void;
	readonly #workers = new Map<number, Worker>();

	/** @param failed hears of a Worker whose script cannot be loaded */
	constructor(
		source: FunctionSource,
		failed: (worker: number, error: EasyRemoteError) => void,
	) {
		this.#source = source;
		this.#failed = failed;
	}

	/** Starts one, which will serve on `port`. */
	spawn(id: number, port: MessagePort): void {
		try {
			const worker = this.#create();
			this.#workers.set(id, worker);
			worker.addEventListener("error", (event) => {
				// An error that the Worker's script could not report itself: it did not come to run.
				this.#failed(id, broken(event.message));
			});
			worker.postMessage(this.#boot(port), [port]);
		} catch (error) {
			this.#failed(id, broken(error instanceof Error ? error.message : ""));
		}
	}

	terminate(id: number): void {
		this.#workers.get(id)?.terminate();
		this.#workers.delete(id);
	}

	terminateAll(): void {
		for (const worker of this.#workers.values()) worker.terminate();
		this.#workers.clear();
	}

	#create(): Worker {
		if (typeof this.#source === "function") return this.#source();
		return new Worker(
			new URL("../worker/function-worker.js", import.meta.url),
			{ type: "module" },
		);
	}

	#boot(port: MessagePort): FunctionWorkerBoot {
		if (typeof this.#source === "function")
			return { easyremote: "serve", port };
		return {
			easyremote: "serve",
			port,
			module: new URL(this.#source, document.baseURI).href,
		};
	}
}

function broken(why: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`a function Worker failed: ${why || "its script could not be loaded"}`,
		{
			hint: "look at the browser's console for the script that could not be loaded",
		},
	);
}
