import { type Context, context } from "@opentelemetry/api";
import { isThenable, type StreamIterator } from "@easyremote/shared/functions";
import type { RunSpan } from "./run-span.js";

type Step = ReturnType<StreamIterator["next"]>;

/** A stream of which each step runs within the span of its run, which ends with it. */
export class TracedStream {
	readonly #inner: StreamIterator;
	readonly #span: RunSpan;
	readonly #within: Context;

	constructor(inner: StreamIterator, span: RunSpan, within: Context) {
		this.#inner = inner;
		this.#span = span;
		this.#within = within;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Step {
		return this.#follow(() => this.#inner.next());
	}

	return(): Step {
		return this.#follow(
			() => this.#inner.return?.() ?? { done: true, value: undefined },
		);
	}

	#follow(step: () => Step): Step {
		try {
			const result = context.with(this.#within, step);
			return isThenable(result)
				? result.then(this.#settled, this.#failed)
				: this.#settled(result);
		} catch (error) {
			return this.#failed(error);
		}
	}

	readonly #settled = (result: IteratorResult<unknown, unknown>) => {
		if (result.done === true) this.#span.end();
		return result;
	};

	readonly #failed = (error: unknown): never => {
		this.#span.fail(error);
		throw error;
	};
}
