import {
	type CallContext,
	type FunctionEntry,
	type StreamIterator,
	streamOf,
	validateArguments,
	validateResult,
} from "@easyremote/shared/functions";
import type {
	FunctionCommand,
	FunctionReport,
} from "../ports/function-port.js";
import { STREAM_WINDOW_ITEMS } from "../ports/function-port.js";
import { describeThrown, rebuildThrown } from "../ports/thrown-error.js";
import { parcelOf } from "../ports/transferables.js";
import { PulledInput } from "./pulled-input.js";

type CallCommand = Extract<FunctionCommand, { type: "call" }>;
type Report = (report: FunctionReport, transfer?: Transferable[]) => void;

/** Longest time a stream's items keep the Worker from reading its messages, ms. */
const SLICE_MS = 8;

/** One call as it runs inside a function Worker. */
export class ServedCall {
	readonly #command: CallCommand;
	readonly #entry: FunctionEntry;
	readonly #report: Report;
	readonly #controller = new AbortController();
	readonly #inputs = new Map<number, PulledInput>();
	#credit = STREAM_WINDOW_ITEMS;
	#receipt: number | undefined;
	#onCredit: (() => void) | undefined;
	#returned = false;

	constructor(entry: FunctionEntry, command: CallCommand, report: Report) {
		this.#entry = entry;
		this.#command = command;
		this.#report = report;
	}

	/** Runs the function and reports how it went; never rejects. */
	async run(): Promise<void> {
		const { call } = this.#command;
		try {
			const args = await validateArguments(this.#entry, this.#arguments());
			const answer = await this.#entry.invoke(this.#context(), args);
			const iterator = streamOf(answer);
			const value = iterator
				? await this.#pump(iterator)
				: await validateResult(this.#entry, answer);
			this.#post({ type: "result", call, value });
		} catch (error) {
			this.#report({ type: "failed", call, error: describeThrown(error) });
		} finally {
			for (const input of this.#inputs.values()) input.end(undefined);
		}
	}

	/** Takes what the node Worker says of this call. */
	take(command: Exclude<FunctionCommand, CallCommand>): void {
		switch (command.type) {
			case "abort":
				this.#controller.abort(rebuildThrown(command.reason));
				this.#stopStream();
				break;
			case "credit":
				this.#credit += command.items;
				this.#receipt = command.receipt;
				this.#wake();
				break;
			case "return":
				this.#stopStream();
				break;
			case "input_item":
				this.#inputs.get(command.input)?.push(command.value);
				break;
			case "input_end":
				this.#inputs
					.get(command.input)
					?.end(command.error && rebuildThrown(command.error));
				break;
			default:
				command satisfies never;
		}
	}

	#arguments(): unknown[] {
		const { call, inputs } = this.#command;
		const args = [...this.#command.args];
		for (const position of inputs) {
			const input = new PulledInput(
				() => this.#report({ type: "input_pull", call, input: position }),
				() => this.#report({ type: "input_return", call, input: position }),
			);
			this.#inputs.set(position, input);
			args[position] = input;
		}
		return args;
	}

	#context(): CallContext {
		const { call, facts } = this.#command;
		return {
			...facts,
			deadline: facts.deadline,
			traceparent: facts.traceparent,
			signal: this.#controller.signal,
			progress: (progress) =>
				this.#report({
					type: "progress",
					call,
					progress:
						typeof progress === "number" ? { fraction: progress } : progress,
				}),
			log: (message, fields) =>
				this.#report({ type: "log", call, message, fields }),
		};
	}

	/** Draws items no faster than they are read; the answer is what the generator returned. */
	async #pump(iterator: StreamIterator): Promise<unknown> {
		const { call } = this.#command;
		this.#report({ type: "stream", call });
		let sliceStart = performance.now();
		while (await this.#mayGoOn()) {
			const step = await iterator.next();
			if (step.done === true) return step.value;
			this.#credit -= 1;
			const value: unknown = await step.value;
			this.#post({ type: "item", call, value, receipt: this.#receipt });
			// A generator that never waits would keep the Worker from hearing that it should stop.
			if (performance.now() - sliceStart > SLICE_MS) {
				await new Promise((resolve) => setTimeout(resolve));
				sliceStart = performance.now();
			}
		}
		await iterator.return?.();
		return undefined;
	}

	#post(report: Extract<FunctionReport, { value: unknown }>): void {
		const { value, transfer } = parcelOf(report.value);
		this.#report({ ...report, value }, transfer);
	}

	#stopStream(): void {
		this.#returned = true;
		this.#wake();
	}

	/** Waits for room for another item; false once nobody wants more. */
	async #mayGoOn(): Promise<boolean> {
		if (this.#credit === 0 && !this.#returned) {
			await new Promise<void>((resolve) => {
				this.#onCredit = resolve;
			});
		}
		return !this.#returned;
	}

	#wake(): void {
		this.#onCredit?.();
		this.#onCredit = undefined;
	}
}
