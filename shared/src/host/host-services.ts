import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import type { PluginHooks } from "../plugins/plugin-hooks.js";
import type { Clock } from "../time/clock.js";
import type { CallStats } from "../telemetry/call-stats.js";
import type { Admission } from "./admission.js";
import type { CallCache } from "./call-cache.js";
import type { CallQuotas } from "./call-quotas.js";
import type { CallReport } from "./call-report.js";
import type { DeadlineWatch } from "../time/deadline-watch.js";
import type { Executor } from "./executor.js";
import type { FunctionTable } from "./function-table.js";
import type { HostLog } from "./host-log.js";

/** What all calls of one host share. */
export interface HostServices {
	readonly nodeId: string;
	readonly table: FunctionTable;
	readonly admission: Admission;
	readonly quotas: CallQuotas;
	/** Counts what clients call, for the gateway; undefined for what is no call of theirs. */
	readonly stats: CallStats | undefined;
	readonly deadlines: DeadlineWatch;
	/** Whom to ask before a call goes on. */
	readonly hooks: Pick<PluginHooks, "before"> | undefined;
	/** Answers of functions that ask for it; undefined where nothing is kept. */
	readonly cache: CallCache | undefined;
	/** Where a function runs. */
	readonly executorFor: (entry: FunctionEntry) => Executor;
	readonly clock: Clock;
	readonly log: HostLog;
	/** Longest run of a function that declares no `timeout` and does not stream, ms. */
	readonly requestTimeoutMs: number;
	/** Whether generators, and arguments that arrive in pieces, are served. */
	readonly streaming: boolean;
	/** Whether callers may see stacks of this node. */
	readonly exposeStacks: boolean;
	/** Hears of every call that is over. */
	readonly observe: ((report: CallReport) => void) | undefined;
	/** A call has begun; until `over`, draining waits for it. */
	opened(call: OpenCall): void;
	over(call: OpenCall): void;
}

/** A call that is not over. */
export interface OpenCall {
	/** Answers it with an error. */
	refuse(error: EasyRemoteError): void;
	/** Its place among the open calls, kept by the host. */
	openPlace?: number | undefined;
}
