import type { CallContext, CallProgress } from "../functions/call-context.js";

/** What a running call offers to its function. */
export interface ContextSource {
	readonly callId: string;
	readonly attempt: number;
	readonly caller: CallContext["caller"];
	readonly deadline: CallContext["deadline"];
	readonly signal: AbortSignal;
	readonly traceparent: CallContext["traceparent"];
	reportProgress(progress: number | CallProgress): void;
	reportLog(
		message: string,
		fields: Readonly<Record<string, unknown>> | undefined,
	): void;
}

/**
 * The context that a function is given. Everything in it is made when it is first asked for: most functions are small
 * and look at none of it. `progress` and `log` may be taken out of it and passed around.
 */
export class HostedContext implements CallContext {
	readonly #source: ContextSource;
	#progress: CallContext["progress"] | undefined;
	#log: CallContext["log"] | undefined;

	constructor(source: ContextSource) {
		this.#source = source;
	}

	get id(): string {
		return this.#source.callId;
	}

	get attempt(): number {
		return this.#source.attempt;
	}

	get caller(): CallContext["caller"] {
		return this.#source.caller;
	}

	get deadline(): CallContext["deadline"] {
		return this.#source.deadline;
	}

	get signal(): AbortSignal {
		return this.#source.signal;
	}

	get traceparent(): CallContext["traceparent"] {
		return this.#source.traceparent;
	}

	get progress(): CallContext["progress"] {
		this.#progress ??= (progress) => this.#source.reportProgress(progress);
		return this.#progress;
	}

	get log(): CallContext["log"] {
		this.#log ??= (message, fields) => this.#source.reportLog(message, fields);
		return this.#log;
	}
}
