import { MessageChannel, type MessagePort } from "node:worker_threads";
import { type Deferred, deferred } from "@easyremote/shared/async";
import type { CallContext } from "@easyremote/shared/functions";
import type { Piscina } from "piscina";
import type { FunctionSource } from "./function-source.js";
import { PortIterator } from "./port-iterator.js";
import { recordThrown, thrownFrom } from "./thrown-record.js";
import { transferables } from "./transferables.js";
import type { FromWorker, ToWorker, WorkerTask } from "./worker-messages.js";

export interface WorkerCallOptions {
	readonly source: FunctionSource;
	readonly call: CallContext;
	readonly args: readonly unknown[];
	/** How long the function may go on once it is cancelled, ms. */
	readonly graceMs: number;
}

/** One call in a worker thread, as the main thread sees it. */
export class WorkerCall {
	readonly #options: WorkerCallOptions;
	readonly #port: MessagePort;
	readonly #answer: Deferred<unknown> = deferred();
	readonly #kill = new AbortController();
	readonly #inputs = new Map<number, AsyncIterator<unknown>>();
	#stream: PortIterator | undefined;
	#killTimer: NodeJS.Timeout | undefined;

	constructor(pool: Piscina, options: WorkerCallOptions) {
		this.#options = options;
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		port1.on("message", (message: FromWorker) => this.#take(message));
		const { signal } = options.call;
		signal.addEventListener("abort", this.#onAbort, { once: true });
		void this.#run(pool, port2);
		if (signal.aborted) this.#onAbort();
	}

	/** What the function answers: a value, or an async iterator. Rejects with what it threw, or with why its thread ended. */
	get answer(): Promise<unknown> {
		return this.#answer.promise;
	}

	/** Never rejects. */
	async #run(pool: Piscina, port: MessagePort): Promise<void> {
		const { source, call } = this.#options;
		const closed = new Promise((resolve) => this.#port.once("close", resolve));
		try {
			const task = this.#task(port);
			await pool.run(task, {
				name: "runCall",
				signal: this.#kill.signal,
				transferList: [port, ...transferables(task.args)],
			});
			// Its last message may still be on its way; the port's end comes behind it.
			await closed;
			this.#fail(
				new Error(`the worker thread of "${source.name}" gave no answer`),
			);
		} catch (error) {
			this.#fail(crash(source.name, error));
		} finally {
			clearTimeout(this.#killTimer);
			call.signal.removeEventListener("abort", this.#onAbort);
			this.#port.close();
			for (const input of this.#inputs.values()) letGo(input);
		}
	}

	#task(port: MessagePort): WorkerTask {
		const { source, call, args } = this.#options;
		const plain = args.map((arg, position) => {
			if (!isAsyncIterable(arg)) return arg;
			this.#inputs.set(position, arg[Symbol.asyncIterator]());
			return undefined;
		});
		return {
			module: source.module,
			name: source.name,
			args: plain,
			inputs: [...this.#inputs.keys()],
			call: {
				id: call.id,
				attempt: call.attempt,
				caller: { id: call.caller.id, subject: call.caller.subject },
				deadline: call.deadline,
				traceparent: call.traceparent,
			},
			port,
		};
	}

	#take(message: FromWorker): void {
		const { call } = this.#options;
		switch (message.kind) {
			case "value":
				this.#answer.resolve(message.value);
				return;
			case "stream":
				this.#stream = new PortIterator({
					pull: () => this.#say({ kind: "pull" }),
					leave: () => {
						this.#say({ kind: "return" });
						this.#endSoon();
					},
				});
				this.#answer.resolve(this.#stream);
				return;
			case "item":
				this.#stream?.item(message.value);
				return;
			case "end":
				this.#stream?.end();
				return;
			case "failed":
				this.#fail(thrownFrom(message.thrown));
				return;
			case "progress":
				call.progress(message.progress);
				return;
			case "log":
				call.log(message.message, message.fields);
				return;
			case "pull_input":
				void this.#giveInput(message.position);
				return;
			case "return_input":
				letGo(this.#inputs.get(message.position));
				return;
			default:
				message satisfies never;
		}
	}

	/** Never rejects. */
	async #giveInput(position: number): Promise<void> {
		try {
			const step = await this.#inputs.get(position)?.next();
			const done = step?.done !== false;
			this.#say({
				kind: "input",
				position,
				done,
				value: done ? undefined : step.value,
			});
		} catch (error) {
			this.#say({
				kind: "input_failed",
				position,
				thrown: recordThrown(error),
			});
		}
	}

	/** Where there is an answer already, it is the stream that fails. */
	#fail(error: Error): void {
		this.#stream?.fail(error);
		this.#answer.reject(error);
	}

	readonly #onAbort = (): void => {
		this.#say({
			kind: "abort",
			reason: recordThrown(this.#options.call.signal.reason),
		});
		this.#endSoon();
	};

	/** Ends the thread if the function does not end by itself. */
	#endSoon(): void {
		this.#killTimer ??= setTimeout(
			() => this.#kill.abort(),
			this.#options.graceMs,
		);
	}

	#say(message: ToWorker): void {
		this.#port.postMessage(message);
	}
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
	return (
		typeof value === "object" && value !== null && Symbol.asyncIterator in value
	);
}

/** Nobody reads an argument any more. What its end throws has nobody to hear it: the call is over. */
function letGo(input: AsyncIterator<unknown> | undefined): void {
	input?.return?.().catch(() => undefined);
}

function crash(name: string, error: unknown): Error {
	const failure = new Error(
		`the worker thread of "${name}" ended: ${error instanceof Error ? error.message : String(error)}`,
		{ cause: error },
	);
	failure.name = "WorkerError";
	return failure;
}
