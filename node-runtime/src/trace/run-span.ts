import { type Span, SpanStatusCode } from "@opentelemetry/api";

/** The span of one run. It ends once: with what came of the run, or when its caller wants no answer any more. */
export class RunSpan {
	readonly #span: Span;
	readonly #signal: AbortSignal;

	/** @param signal aborts when the call is over before its function is */
	constructor(span: Span, signal: AbortSignal) {
		this.#span = span;
		this.#signal = signal;
		signal.addEventListener("abort", this.#onAbort, { once: true });
	}

	end(): void {
		this.#signal.removeEventListener("abort", this.#onAbort);
		this.#span.end();
	}

	/** Ends it as failed. */
	fail(error: unknown): void {
		const thrown = error instanceof Error ? error : new Error(String(error));
		// A span that has ended takes nothing more.
		this.#span.recordException(thrown);
		this.#span.setStatus({ code: SpanStatusCode.ERROR, message: thrown.name });
		this.end();
	}

	readonly #onAbort = (): void => {
		this.fail(this.#signal.reason);
	};
}
