import {
	context,
	isSpanContextValid,
	SpanKind,
	SpanStatusCode,
	trace,
} from "@opentelemetry/api";
import type { BegunCall, CallMeta } from "@easyremote/shared/caller";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import {
	formatTraceparent,
	parseTraceparent,
} from "@easyremote/shared/telemetry";
import { VERSION } from "../version.js";

/**
 * Until somebody registers an OpenTelemetry SDK its spans record nothing. Asked for each time: one taken earlier would
 * not hear of an SDK that is registered through another copy of the API.
 */
const tracer = () => trace.getTracer("@easyremote/gateway", VERSION);

/** The span of one REST call. */
export interface CallSpan {
	/** What goes on to the node, so that its span becomes a child of this one; undefined where nothing is traced. */
	readonly traceparent: string | undefined;
	/** The call is over. */
	end(meta: CallMeta, error: EasyRemoteError | undefined): void;
}

/** Starts the OpenTelemetry span of a call: a child of the span that is active here, else of the one its caller names. */
export function startCallSpan({
	id,
	target,
	traceparent,
}: BegunCall): CallSpan {
	const span = tracer().startSpan(
		`call ${target.function}`,
		{
			kind: SpanKind.SERVER,
			attributes: {
				"rpc.system": "easyremote",
				"rpc.method": target.function,
				"easyremote.call_id": id,
			},
		},
		parentOf(traceparent),
	);
	const own = span.spanContext();
	return {
		traceparent: isSpanContextValid(own) ? formatTraceparent(own) : undefined,
		end({ nodeId, attempts }, error) {
			if (nodeId !== undefined) span.setAttribute("rpc.service", nodeId);
			span.setAttribute("easyremote.attempts", attempts);
			// The code alone: its text may be what the function was given.
			if (error) {
				span.setAttribute("easyremote.code", error.code);
				span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
			}
			span.end();
		},
	};
}

function parentOf(traceparent: string | undefined) {
	const active = context.active();
	const caller = parseTraceparent(traceparent);
	if (trace.getSpan(active) || !caller) return active;
	return trace.setSpanContext(active, { ...caller, isRemote: true });
}
