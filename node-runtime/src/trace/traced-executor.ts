import {
	type Context,
	context,
	INVALID_SPAN_CONTEXT,
	isSpanContextValid,
	ROOT_CONTEXT,
	type SpanContext,
	SpanKind,
	type Tracer,
	type TracerProvider,
	trace,
} from "@opentelemetry/api";
import {
	type CallContext,
	type FunctionEntry,
	isThenable,
	streamOf,
} from "@easyremote/shared/functions";
import type { Executor } from "@easyremote/shared/host";
import { parseTraceparent } from "@easyremote/shared/telemetry";
import { VERSION } from "../version.js";
import { RunSpan } from "./run-span.js";
import { TracedStream } from "./traced-stream.js";

let taken: { readonly of: TracerProvider; readonly tracer: Tracer } | undefined;

/**
 * Until somebody registers an OpenTelemetry SDK its spans record nothing. The provider is asked for each time, since an
 * SDK that is registered through another copy of the API comes with one of its own.
 */
function tracer(): Tracer {
	const of = trace.getTracerProvider();
	if (taken?.of !== of)
		taken = { of, tracer: of.getTracer("@easyremote/node-runtime", VERSION) };
	return taken.tracer;
}

/**
 * Runs functions elsewhere, each within an OpenTelemetry span that belongs to its caller's trace: spans that the
 * function makes become children of it. A stream's span lasts to its end.
 */
export class TracedExecutor implements Executor {
	readonly #inner: Executor;
	readonly #nodeId: string;

	constructor(inner: Executor, nodeId: string) {
		this.#inner = inner;
		this.#nodeId = nodeId;
	}

	run(
		entry: FunctionEntry,
		call: CallContext,
		args: readonly unknown[],
	): unknown {
		const caller = parseTraceparent(call.traceparent);
		// What happens to be active here has to do with the connection, not with the call.
		const parent = caller
			? trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true })
			: ROOT_CONTEXT;
		const span = tracer().startSpan(
			`run ${entry.name}`,
			{
				kind: SpanKind.SERVER,
				attributes: {
					"rpc.system": "easyremote",
					"rpc.service": this.#nodeId,
					"rpc.method": entry.name,
					"easyremote.call_id": call.id,
					"easyremote.attempt": call.attempt,
				},
			},
			parent,
		);
		const run = () => this.#inner.run(entry, call, args);
		if (!isWithin(span.spanContext())) return run();
		const within = trace.setSpan(parent, span);
		if (!span.isRecording()) return context.with(within, run);
		return followed(run, new RunSpan(span, call.signal), within);
	}
}

/** Whether it is anywhere in a trace. Without an SDK and without a caller's trace it is not. */
function isWithin(context: SpanContext): boolean {
	return context !== INVALID_SPAN_CONTEXT && isSpanContextValid(context);
}

/** Runs, and ends the span when all that comes of it is over. */
function followed(run: () => unknown, span: RunSpan, within: Context): unknown {
	const settled = (value: unknown): unknown => {
		const stream = streamOf(value);
		if (stream) return new TracedStream(stream, span, within);
		span.end();
		return value;
	};
	const failed = (error: unknown): never => {
		span.fail(error);
		throw error;
	};
	try {
		const returned = context.with(within, run);
		return isThenable(returned)
			? returned.then(settled, failed)
			: settled(returned);
	} catch (error) {
		return failed(error);
	}
}
