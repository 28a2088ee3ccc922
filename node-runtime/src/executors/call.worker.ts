import type { MessagePort } from "node:worker_threads";
import {
	type CallContext,
	collectFunctions,
	type FunctionEntry,
} from "@easyremote/shared/functions";
import { streamOf } from "@easyremote/shared/functions";
import { loadModule } from "../modules/load-module.js";
import { PortIterator } from "./port-iterator.js";
import { recordThrown, thrownFrom } from "./thrown-record.js";
import type { FromWorker, ToWorker, WorkerTask } from "./worker-messages.js";

/** Functions of the modules that this thread has loaded. */
const modules = new Map<string, Promise<ReadonlyMap<string, FunctionEntry>>>();

/** Runs one call in this thread. Resolves when all is said, stream included; never rejects. */
export async function runCall(task: WorkerTask): Promise<void> {
	const run = new WorkerRun(task);
	await run.run();
}

/** One call as its worker thread sees it. */
class WorkerRun {
	readonly #task: WorkerTask;
	readonly #port: MessagePort;
	readonly #controller = new AbortController();
	readonly #inputs = new Map<number, PortIterator>();
	#iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
	#streamOver: (() => void) | undefined;

	constructor(task: WorkerTask) {
		this.#task = task;
		this.#port = task.port;
		this.#port.on("message", (message: ToWorker) => this.#take(message));
	}

	async run(): Promise<void> {
		try {
			const entry = await findFunction(this.#task);
			const value = await entry.invoke(this.#context(), this.#args());
			const iterator = streamOf(value);
			if (iterator) await this.#stream(iterator);
			else this.#say({ kind: "value", value });
		} catch (error) {
			this.#say({ kind: "failed", thrown: recordThrown(error) });
		} finally {
			this.#port.close();
		}
	}

	#context(): CallContext {
		return {
			...this.#task.call,
			signal: this.#controller.signal,
			progress: (progress) => this.#say({ kind: "progress", progress }),
			log: (message, fields) => this.#say({ kind: "log", message, fields }),
		};
	}

	#args(): unknown[] {
		const args = [...this.#task.args];
		for (const position of this.#task.inputs) {
			const input = new PortIterator({
				pull: () => this.#say({ kind: "pull_input", position }),
				leave: () => this.#say({ kind: "return_input", position }),
			});
			this.#inputs.set(position, input);
			args[position] = input;
		}
		return args;
	}

	/** Serves pulls until the end of the stream, or until nobody pulls any more. */
	async #stream(
		iterator: AsyncIterator<unknown> | Iterator<unknown>,
	): Promise<void> {
		this.#iterator = iterator;
		const over = new Promise<void>((resolve) => {
			this.#streamOver = resolve;
		});
		this.#say({ kind: "stream" });
		await over;
	}

	/** Never rejects. */
	async #pull(): Promise<void> {
		try {
			const step = await this.#iterator?.next();
			if (step?.done === false) {
				this.#say({ kind: "item", value: await step.value });
				return;
			}
			this.#say({ kind: "end" });
		} catch (error) {
			this.#say({ kind: "failed", thrown: recordThrown(error) });
		}
		this.#streamOver?.();
	}

	/** Never rejects. */
	async #leave(): Promise<void> {
		try {
			await this.#iterator?.return?.();
			this.#say({ kind: "end" });
		} catch (error) {
			this.#say({ kind: "failed", thrown: recordThrown(error) });
		}
		this.#streamOver?.();
	}

	#take(message: ToWorker): void {
		switch (message.kind) {
			case "abort":
				this.#controller.abort(thrownFrom(message.reason));
				return;
			case "pull":
				void this.#pull();
				return;
			case "return":
				void this.#leave();
				return;
			case "input": {
				const input = this.#inputs.get(message.position);
				if (message.done) input?.end();
				else input?.item(message.value);
				return;
			}
			case "input_failed":
				this.#inputs.get(message.position)?.fail(thrownFrom(message.thrown));
				return;
			default:
				message satisfies never;
		}
	}

	/** Throws what structured clone says of a value that cannot cross threads. */
	#say(message: FromWorker): void {
		this.#port.postMessage(message);
	}
}

async function findFunction({
	module,
	name,
}: WorkerTask): Promise<FunctionEntry> {
	let loading = modules.get(module);
	if (!loading) {
		loading = loadFunctions(module);
		modules.set(module, loading);
	}
	const entry = (await loading).get(name);
	if (!entry)
		throw new Error(
			`${module} exports no function "${name}" to run in a worker thread`,
		);
	return entry;
}

async function loadFunctions(
	module: string,
): Promise<ReadonlyMap<string, FunctionEntry>> {
	const entries = collectFunctions(await loadModule(module));
	return new Map(entries.map((entry) => [entry.name, entry]));
}
