/** Which span something belongs to, as W3C Trace Context has it. */
export interface TraceParent {
	/** 32 hexadecimal digits. */
	readonly traceId: string;
	/** 16 hexadecimal digits. */
	readonly spanId: string;
	/** 1: the trace is recorded. */
	readonly traceFlags: number;
}

/** Later versions may add more behind. */
const LAYOUT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Reads a `traceparent` from a stranger (W3C Trace Context §3.2); undefined if it is not valid, which is to be ignored. */
export function parseTraceparent(
	text: string | undefined,
): TraceParent | undefined {
	if (text === undefined) return undefined;
	const [, version, traceId, spanId, flags, more] = LAYOUT.exec(text) ?? [];
	if (!traceId || !spanId || !flags || version === "ff") return undefined;
	if (version === "00" && more !== undefined) return undefined;
	if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
	return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

/**
 * A stranger's `traceparent` as it may be sent on and shown to functions: of version 00, with no flag but the one that
 * says whether the trace is recorded. Undefined where there is no valid one.
 */
export function validTraceparent(text: string | undefined): string | undefined {
	const parent = parseTraceparent(text);
	return parent && formatTraceparent(parent);
}

/** The same as text, to be sent on. */
export function formatTraceparent(parent: TraceParent): string {
	const { traceId, spanId, traceFlags } = parent;
	return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}
