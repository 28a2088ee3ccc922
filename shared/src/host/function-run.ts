import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toWireError } from "../errors/error-wire.js";
import type { CallContext, CallProgress } from "../functions/call-context.js";
import { isThenable } from "../functions/checked-result.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import { streamOf } from "../functions/stream-of.js";
import { validateResult } from "../functions/validate.js";
import type { CallMessageOf } from "../protocol/call-messages.js";
import type { CallEnd } from "../session/call-end.js";
import { present } from "../shapes/present.js";
import {
	parseTraceparent,
	validTraceparent,
} from "../telemetry/traceparent.js";
import { encodeAnswer } from "./call-answer.js";
import { functionFailure } from "./function-failure.js";
import type { HostServices } from "./host-services.js";
import { type ContextSource, HostedContext } from "./hosted-context.js";
import { StreamPump, type StreamSink } from "./stream-pump.js";

/** What a run needs to know of its call. */
export interface RunOptions {
	readonly host: HostServices;
	readonly end: CallEnd;
	readonly header: CallMessageOf<"function_call">;
	readonly entry: FunctionEntry;
	readonly caller: CallContext["caller"];
	readonly owner: RunOwner;
}

/** Who started a run. */
export interface RunOwner {
	/** When the call expires, on the clock's monotonic scale, ms. */
	readonly deadlineAt: number;
	/** Called when what the function gave turns out to be a stream. */
	streams(): void;
	/** Called once, when the answer or the failure has been handed to the session; not after `stop`. */
	settled(failure: EasyRemoteError | undefined): void;
}

/**
 * One run of a function: gives it its context, and sends what comes of it. After `stop` the function may go on, but
 * nobody hears of it any more.
 */
export class FunctionRun implements ContextSource, StreamSink {
	readonly #options: RunOptions;
	#startedAt = 0;
	#queuedMs = 0;
	#accepted = false;
	#acceptedStream = false;
	#over = false;
	#controller: AbortController | undefined;
	#pump: StreamPump | undefined;

	constructor(options: RunOptions) {
		this.#options = options;
	}

	/** Starts the function; its answer may be on its way when this returns. */
	start(args: readonly unknown[], queuedMs: number): void {
		const { host, entry } = this.#options;
		this.#startedAt = host.clock.monotonic();
		this.#queuedMs = queuedMs;
		if (entry.stream) this.#accept(true);
		try {
			const returned = host
				.executorFor(entry)
				.run(entry, new HostedContext(this), args);
			if (isThenable(returned)) {
				this.#accept(entry.stream);
				returned.then(
					(value) => this.#returned(value),
					(error: unknown) => this.#threw(error),
				);
			} else this.#returned(returned);
		} catch (error) {
			this.#threw(error);
		}
	}

	/**
	 * Tells the caller that the function runs. An answer that is there at once says so itself, which saves a
	 * message; a function that turns out to give a stream says so when it does.
	 */
	#accept(stream: boolean): void {
		if (this.#accepted && (this.#acceptedStream || !stream)) return;
		this.#accepted = true;
		this.#acceptedStream = stream;
		const { end } = this.#options;
		end.send({ type: "accepted", queuedMs: this.#queuedMs, stream });
	}

	/** There is room for more items. */
	resume(): void {
		this.#pump?.resume();
	}

	/** Nobody waits for it any more: its signal fires with `reason`, its generator is closed. */
	stop(reason: EasyRemoteError): void {
		if (this.#over) return;
		this.#over = true;
		this.#controller?.abort(reason);
		if (this.#pump) this.#close(this.#pump);
	}

	// The context of the function.

	get callId(): string {
		return this.#options.header.id;
	}

	get attempt(): number {
		return this.#options.header.attempt;
	}

	get caller(): CallContext["caller"] {
		return this.#options.caller;
	}

	get deadline(): CallContext["deadline"] {
		const { owner, host } = this.#options;
		const { deadlineAt } = owner;
		if (deadlineAt === Number.POSITIVE_INFINITY) return undefined;
		return host.clock.now() + deadlineAt - host.clock.monotonic();
	}

	get signal(): AbortSignal {
		this.#controller ??= new AbortController();
		return this.#controller.signal;
	}

	get traceparent(): CallContext["traceparent"] {
		return validTraceparent(this.#options.header.traceparent);
	}

	reportProgress(progress: number | CallProgress): void {
		const { end, header } = this.#options;
		// Only the newest progress matters: while the path is busy it is left out.
		if (this.#over || !end.writable) return;
		this.#accept(false);
		if (typeof progress === "number") {
			end.send({ type: "progress", fraction: progress });
			return;
		}
		const { fraction, message, data } = progress;
		end.send(
			{
				type: "progress",
				...present({ fraction, message }),
			},
			encodeAnswer(data, "progress data", header),
		);
	}

	reportLog(
		message: string,
		fields: Readonly<Record<string, unknown>> | undefined,
	): void {
		const { host, end, header } = this.#options;
		const trace = parseTraceparent(header.traceparent);
		host.log.info(message, {
			...fields,
			callId: header.id,
			function: header.function,
			...(trace && { traceId: trace.traceId }),
		});
		if (this.#over) return;
		this.#accept(false);
		end.send(
			{ type: "log", message },
			encodeAnswer(fields, "log fields", header),
		);
	}

	// The sink of its stream.

	get writable(): boolean {
		return this.#options.end.writable;
	}

	item(value: unknown): void {
		const { end, header } = this.#options;
		end.send({ type: "stream_data" }, encodeAnswer(value, "item", header));
	}

	#returned(value: unknown): void {
		const { entry, host } = this.#options;
		try {
			const iterator = streamOf(value);
			if (iterator) {
				this.#stream(new StreamPump(iterator, this, host.clock));
				return;
			}
			if (this.#over) return;
			const checked = validateResult(entry, value);
			if (isThenable(checked)) {
				this.#accept(false);
				this.#answerWith(checked);
			} else this.#answer(checked);
		} catch (error) {
			this.#threw(error);
		}
	}

	#stream(pump: StreamPump): void {
		this.#pump = pump;
		if (this.#over) this.#close(pump);
		else if (this.#options.host.streaming) {
			this.#accept(true);
			this.#options.owner.streams();
			this.#answerWith(pump.run());
		} else this.#refuseStream(pump);
	}

	#answerWith(pending: PromiseLike<unknown>): void {
		pending.then(
			(value) => this.#answer(value),
			(error: unknown) => this.#threw(error),
		);
	}

	#answer(value: unknown): void {
		if (this.#over) return;
		const { end, header, host, owner } = this.#options;
		let encoded: ReturnType<typeof encodeAnswer>;
		try {
			encoded = encodeAnswer(value, "result", header);
		} catch (error) {
			this.#threw(error);
			return;
		}
		this.#over = true;
		const runMs = host.clock.monotonic() - this.#startedAt;
		const queuedMs = this.#accepted ? undefined : this.#queuedMs;
		end.send({ type: "function_response", runMs, queuedMs }, encoded);
		end.end();
		owner.settled(undefined);
	}

	#threw(thrown: unknown): void {
		if (this.#over) return;
		// The function ran: nobody may take this for a call that did not start.
		this.#accept(false);
		const { entry, header, host } = this.#options;
		this.#fail(
			functionFailure(thrown, {
				callId: header.id,
				idempotent: entry.options.idempotent === true,
				exposeStacks: host.exposeStacks,
			}),
		);
	}

	#fail(error: EasyRemoteError): void {
		this.#over = true;
		const { end, owner } = this.#options;
		end.send({ type: "error", error: toWireError(error) });
		end.end();
		owner.settled(error);
	}

	#refuseStream(pump: StreamPump): void {
		this.#accept(false);
		this.#close(pump);
		this.#fail(streamingOff(this.#options.host.nodeId));
	}

	#close(pump: StreamPump): void {
		pump.stop().catch((error: unknown) => {
			this.#options.host.log.warn(
				"a cancelled generator failed while it cleaned up",
				{
					callId: this.callId,
					function: this.#options.header.function,
					error: error instanceof Error ? error.message : String(error),
				},
			);
		});
	}
}

/** The refusal of a node that was started with `streaming: false`. */
export function streamingOff(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNIMPLEMENTED",
		`node "${nodeId}" does not serve streams: it was started with streaming off`,
	);
}
