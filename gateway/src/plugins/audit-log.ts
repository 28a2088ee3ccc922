import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	FailedCall,
	FinishedCall,
	Plugin,
	PluginNode,
} from "@easyremote/shared/plugins";
import { type Clock, systemClock } from "@easyremote/shared/time";
import { LineFile } from "./line-file.js";

export interface AuditLogOptions {
	/** File to append to; made if missing, readable for its owner only. */
	readonly path: string;
	/** Where time comes from; the platform's unless given. */
	readonly clock?: Clock;
}

/**
 * A plugin that writes who called what, when, and how it ended, one JSON object a line: `time`, `event` ("call",
 * "node_joined", "node_left"), of a call `id`, `function`, `node`, `caller`, `subject`, `outcome` ("OK" or a code),
 * `ms`, `transport`, `cached`. Never arguments, results or messages of errors, which may quote them. Each line is
 * whole; the file may be moved away at any time, and begins anew. Throws INVALID_ARGUMENT without a path.
 *
 * @example
 * createGateway({ plugins: [auditLog({ path: "./audit.ndjson" })] });
 */
export function auditLog({
	path,
	clock = systemClock,
}: AuditLogOptions): Plugin {
	// It comes from programs without types too.
	if (typeof (path as unknown) !== "string" || path === "") {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			'option "path" of auditLog must be the path of a file',
		);
	}
	const file = new LineFile(path);
	const write = (entry: Readonly<Record<string, unknown>>) =>
		file.append(
			JSON.stringify({ time: new Date(clock.now()).toISOString(), ...entry }),
		);
	return {
		name: "audit-log",
		afterFunctionCall: (call) => write(callEntry(call, "OK")),
		onFunctionError: (call: FailedCall) =>
			write(callEntry(call, call.error.code)),
		onNodeJoin: (node) => write(nodeEntry("node_joined", node)),
		onNodeLeave: (node) => write(nodeEntry("node_left", node)),
	};
}

function callEntry(call: FinishedCall, outcome: string) {
	return {
		event: "call",
		id: call.id,
		function: call.function,
		node: call.nodeId,
		caller: call.caller.id,
		subject: call.caller.subject,
		outcome,
		ms: Math.round(call.durationMs * 1_000) / 1_000,
		transport: call.transport,
		cached: call.cached,
	};
}

function nodeEntry(event: string, { nodeId, kind, tags }: PluginNode) {
	return { event, node: nodeId, kind, tags };
}
