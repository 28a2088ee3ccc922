import { deferred } from "@easyremote/shared/async";
import type { CallContext } from "@easyremote/shared/functions";
import type {
	FunctionCommand,
	FunctionReport,
} from "../ports/function-port.js";
import { describeThrown, rebuildThrown } from "../ports/thrown-error.js";
import { movableBuffers } from "../ports/transferables.js";
import { RemoteStream } from "./remote-stream.js";

export type CallReport = Extract<FunctionReport, { call: number }>;
type Post = (command: FunctionCommand, transfer: Transferable[]) => void;

/** One call that runs in a function Worker, as the node Worker sees it. */
export class WorkerCall {
	readonly #number: number;
	readonly #context: CallContext;
	readonly #post: Post;
	readonly #answer = deferred<unknown>();
	readonly #inputs = new Map<number, AsyncIterator<unknown>>();
	#stream: RemoteStream | undefined;

	constructor(number: number, context: CallContext, post: Post) {
		this.#number = number;
		this.#context = context;
		this.#post = post;
	}

	/** What the function answers: a value, or an async iterator for a stream. Rejects with what it threw. */
	get answer(): Promise<unknown> {
		return this.#answer.promise;
	}

	/** Hands the call over. Throws what `postMessage` throws for arguments that cannot be cloned. */
	begin(name: string, args: readonly unknown[]): void {
		const { id, attempt, deadline, caller, traceparent } = this.#context;
		const plain = args.map((argument, index) => {
			if (!isStream(argument)) return argument;
			this.#inputs.set(index, argument[Symbol.asyncIterator]());
			return undefined;
		});
		this.#post(
			{
				type: "call",
				call: this.#number,
				name,
				facts: {
					id,
					attempt,
					deadline,
					caller: { id: caller.id, subject: caller.subject },
					traceparent,
				},
				args: plain,
				inputs: [...this.#inputs.keys()],
			},
			movableBuffers(plain),
		);
	}

	/** Tells the function that nobody waits for it any more. */
	abort(reason: unknown): void {
		this.#post(
			{ type: "abort", call: this.#number, reason: describeThrown(reason) },
			[],
		);
	}

	/** Takes what the function Worker says of this call. True once the call has ended. */
	take(report: CallReport): boolean {
		switch (report.type) {
			case "progress":
				this.#context.progress(report.progress);
				return false;
			case "log":
				this.#context.log(report.message, report.fields);
				return false;
			case "input_pull":
				void this.#feed(report.input);
				return false;
			case "input_return":
				void this.#leaveInput(report.input);
				return false;
			case "stream":
				this.#stream = new RemoteStream(
					(items) =>
						this.#post({ type: "credit", call: this.#number, items }, []),
					() => this.#post({ type: "return", call: this.#number }, []),
				);
				this.#answer.resolve(this.#stream);
				return false;
			case "item":
				this.#stream?.push(report.value);
				return false;
			case "result":
				if (this.#stream) this.#stream.end(report.value);
				else this.#answer.resolve(report.value);
				return true;
			case "failed":
				this.fail(rebuildThrown(report.error));
				return true;
			default:
				return report satisfies never;
		}
	}

	/** Ends the call from this side: its Worker is gone. */
	fail(error: Error): void {
		if (this.#stream) this.#stream.fail(error);
		else this.#answer.reject(error);
	}

	async #feed(input: number): Promise<void> {
		const call = this.#number;
		try {
			const step = await this.#inputs.get(input)?.next();
			if (!step || step.done === true)
				this.#post({ type: "input_end", call, input }, []);
			else
				this.#post(
					{ type: "input_item", call, input, value: step.value },
					movableBuffers(step.value),
				);
		} catch (error) {
			this.#post(
				{ type: "input_end", call, input, error: describeThrown(error) },
				[],
			);
		}
	}

	async #leaveInput(input: number): Promise<void> {
		try {
			await this.#inputs.get(input)?.return?.();
		} catch {
			// Whatever the caller's stream says to being left early concerns nobody any more.
		}
	}
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
	return (
		typeof value === "object" && value !== null && Symbol.asyncIterator in value
	);
}
