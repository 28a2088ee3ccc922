import type { FinishedCall, PluginCall } from "../plugins/plugin.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { CallReport } from "./call-report.js";

/** A call that has come in, as plugins see it: without payload and grants. */
export function pluginCall(
	id: string,
	functionName: string,
	nodeId: string,
	{ id: callerId, subject, anonymous }: CallerIdentity,
): PluginCall {
	return {
		id,
		function: functionName,
		nodeId,
		caller: { id: callerId, subject, anonymous },
	};
}

/** A call that is over, as plugins see it. */
export function finishedCall(
	{
		callId,
		functionName,
		caller,
		queuedMs,
		runMs,
		transport,
		cache,
	}: CallReport,
	nodeId: string,
): FinishedCall {
	return {
		...pluginCall(callId, functionName, nodeId, caller),
		durationMs: queuedMs + runMs,
		transport,
		cached: cache === "hit",
	};
}
