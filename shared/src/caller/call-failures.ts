import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { PathReport } from "../peer/path-report.js";
import type { CallTarget } from "./call-request.js";

/** Where a call was when its time was up. */
export type CallPhase = "queued" | "connecting" | "running";

/** No provider is left for a call. */
export function nobodyProvides(target: CallTarget): EasyRemoteError {
	const what = target.node
		? `node "${target.node}" does not offer "${target.function}"`
		: `no node that offers "${target.function}" is online`;
	return new EasyRemoteError("UNAVAILABLE", what, {
		hint: "start a node that registers it, or try again later",
	});
}

/** There are providers, and none of them gets a call now. */
export function nobodySuits(
	{ function: name }: CallTarget,
	count: number,
): EasyRemoteError {
	const who =
		count === 1
			? `the node that offers "${name}" takes no`
			: `none of the ${count} nodes that offer "${name}" takes`;
	return new EasyRemoteError("UNAVAILABLE", `${who} calls now`, {
		hint: "it is shutting down, short of memory, or the gateway's own strategy wants none; try again later",
	});
}

/** `transport: "direct"` and no such path. */
export function noDirectPathTo(
	nodeId: string,
	{ reason, fix }: Pick<PathReport, "reason" | "fix">,
): EasyRemoteError {
	const fallback = 'transport "auto" falls back to the relay';
	return new EasyRemoteError(
		"UNAVAILABLE",
		`no direct path to node "${nodeId}": ${reason ?? "it did not open in time"}`,
		{
			hint: fix === undefined ? fallback : `${fix}; ${fallback}`,
			details: { reason: "no_direct_path" },
		},
	);
}

/** The session went away while a call waited for a direct path. */
export function sessionEnded(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the session with node "${nodeId}" ended before the call was sent`,
	);
}

/** The deadline of a call. */
export function timeIsUp(
	callId: string,
	timeoutMs: number,
	phase: CallPhase,
): EasyRemoteError {
	const where = {
		queued: "waiting for a free place at a node",
		connecting: "connecting to a node",
		running: "running",
	}[phase];
	return new EasyRemoteError(
		"DEADLINE_EXCEEDED",
		`the call did not finish within ${timeoutMs} ms: it was still ${where}`,
		{
			callId,
			details: { phase, timeoutMs },
			hint: "raise the option timeout if it should take that long",
		},
	);
}
