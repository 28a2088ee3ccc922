import type { CallMessageOf } from "../protocol/call-messages.js";
import type { CallPayload } from "./call-payload.js";
import type { CallRequest } from "./call-request.js";

/** The header that opens a call at a node; undefined fields do not travel. */
export function callHeader(
	request: CallRequest,
	payload: CallPayload,
	attempt: {
		readonly id: string;
		/** What it is called there. */
		readonly functionName: string;
		/** From 1. */
		readonly number: number;
		/** Time left, ms; Infinity is no limit. */
		readonly remainingMs: number;
		/** Whether an answer from a cache will do. */
		readonly cache: boolean;
		readonly traceparent: string | undefined;
	},
): Omit<CallMessageOf<"function_call">, "value"> {
	const { options, accept } = request;
	const { id, functionName, number, remainingMs, cache, traceparent } = attempt;
	const limited = remainingMs !== Number.POSITIVE_INFINITY;
	return {
		type: "function_call",
		id,
		function: functionName,
		deadlineMs: limited ? Math.max(Math.ceil(remainingMs), 1) : undefined,
		attempt: number,
		idempotencyKey: options?.idempotencyKey,
		traceparent,
		named: payload.named || undefined,
		inputs:
			payload.inputs.length > 0
				? payload.inputs.map(({ index }) => index)
				: undefined,
		cache: cache ? undefined : false,
		accept,
	};
}
