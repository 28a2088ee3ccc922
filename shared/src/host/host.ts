import { Slots } from "../async/slots.js";
import { type CacheLimits, cacheLimits } from "../cache/cache-limits.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import type { PluginHooks } from "../plugins/plugin-hooks.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { NodeLoad } from "../protocol/node-resources.js";
import type { AcceptCall } from "../session/call-end.js";
import { CallStats } from "../telemetry/call-stats.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import {
	Admission,
	type AdmissionLimits,
	DEFAULT_ADMISSION_LIMITS,
	type OverloadCheck,
} from "./admission.js";
import { CallerRights } from "./caller-rights.js";
import { CallCache } from "./call-cache.js";
import { CallQuotas } from "./call-quotas.js";
import type { CallReport } from "./call-report.js";
import { DeadlineWatch } from "../time/deadline-watch.js";
import type { Executor } from "./executor.js";
import type { FunctionTable } from "./function-table.js";
import { type HostLog, silentLog } from "./host-log.js";
import type { HostServices, OpenCall } from "./host-services.js";
import { HostedCall } from "./hosted-call.js";
import { finishedCall } from "./plugin-call.js";
import { inlineExecutor } from "./inline-executor.js";
import { probeEntry } from "./probe.js";

/** Longest run of a function that declares no `timeout`, ms. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;

export interface HostOptions {
	/** Id of the node: callers' grants are checked against it. */
	readonly nodeId: string;
	readonly table: FunctionTable;
	readonly limits?: Partial<AdmissionLimits>;
	/** Longest run of a function that declares no `timeout` and does not stream, ms. */
	readonly requestTimeoutMs?: number;
	/** Whether generators, and arguments that arrive in pieces, are served; true unless said otherwise. */
	readonly streaming?: boolean;
	/** How many answers are kept of functions that ask for it (`cache: { ttl }`); false keeps none. */
	readonly caching?: Partial<CacheLimits> | false | undefined;
	/** Where a function runs; in this thread unless said otherwise. */
	readonly executorFor?: (entry: FunctionEntry) => Executor;
	/** Asked before each call is taken. */
	readonly overloaded?: OverloadCheck;
	readonly clock?: Clock;
	readonly log?: HostLog;
	/** Whether callers may see stacks of what functions throw; false unless said otherwise. */
	readonly exposeStacks?: boolean;
	/** Plugins to ask and tell of calls. */
	readonly plugins?: PluginHooks | undefined;
	/** Hears of every call that is over. It must not throw. */
	readonly observe?: (report: CallReport) => void;
}

/** A place where calls run, whatever they come in by. */
export interface Host {
	readonly nodeId: string;
	readonly table: FunctionTable;
	/** What the node says of itself to the gateway. */
	readonly load: NodeLoad;
	/** What it tells the gateway of calls that are over. */
	readonly stats: CallStats;
	/** How the calls of one caller are taken: hand it to the session with that caller. */
	accept(caller: CallerIdentity): AcceptCall;
	/**
	 * Takes no more calls, sends waiting ones away, and resolves when none runs any more, or after `timeoutMs`,
	 * when what still runs is failed with ABORTED. Repeated calls wait for the first.
	 */
	drain(timeoutMs: number): Promise<void>;
}

/**
 * Makes a host.
 *
 * @example
 * const table = new FunctionTable();
 * table.add(collectFunctions({ add: (a: number, b: number) => a + b }));
 * const host = createHost({ nodeId: "calc", table });
 * new Session({ id, opener: false, accept: host.accept(caller), strandedTimeoutMs: 30_000 });
 */
export function createHost(options: HostOptions): Host {
	const clock = options.clock ?? systemClock;
	const limits = { ...DEFAULT_ADMISSION_LIMITS, ...options.limits };
	const admission = new Admission(limits, options.overloaded);
	const deadlines = new DeadlineWatch(clock);
	const stats = new CallStats(() => clock.now());
	const active = new Slots<OpenCall>();
	let onIdle: (() => void) | undefined;
	let draining: Promise<void> | undefined;

	const shared: HostServices = {
		nodeId: options.nodeId,
		table: options.table,
		admission,
		quotas: new CallQuotas(clock),
		stats: undefined,
		deadlines,
		hooks: undefined,
		cache: undefined,
		executorFor: (entry) =>
			// Whoever runs the owner's functions elsewhere does not know this one.
			entry === probeEntry
				? inlineExecutor
				: (options.executorFor?.(entry) ?? inlineExecutor),
		clock,
		log: options.log ?? silentLog,
		requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
		streaming: options.streaming ?? true,
		exposeStacks: options.exposeStacks ?? false,
		observe: undefined,
		opened: (call: OpenCall) => {
			call.openPlace = active.add(call);
		},
		over: (call: OpenCall) => {
			if (call.openPlace !== undefined) active.remove(call.openPlace);
			call.openPlace = undefined;
			if (active.size === 0) onIdle?.();
		},
	};

	const { plugins } = options;
	const services: HostServices = {
		...shared,
		stats,
		hooks: plugins,
		observe: plugins
			? (report) => {
					options.observe?.(report);
					plugins.over(finishedCall(report, options.nodeId), report.error);
				}
			: options.observe,
		cache:
			options.caching === false
				? undefined
				: new CallCache({
						limits: cacheLimits(options.caching),
						clock,
						// What runs for several callers is counted, asked for, looked up and reported as the calls of each of them.
						accept: (caller) =>
							acceptFor(shared, { ...caller, quota: undefined }),
					}),
	};

	async function drain(timeoutMs: number): Promise<void> {
		admission.drain();
		if (active.size > 0) {
			await new Promise<void>((resolve) => {
				const cancelTimer = clock.schedule(timeoutMs, resolve);
				onIdle = () => {
					cancelTimer();
					resolve();
				};
			});
		}
		for (const call of [...active]) call.refuse(cutOff(options.nodeId));
		deadlines.close();
	}

	return {
		nodeId: options.nodeId,
		table: options.table,
		stats,
		get load() {
			return {
				running: admission.running,
				queued: admission.queued,
				maxConcurrent: limits.maxConcurrent,
			};
		},
		accept: (caller) => acceptFor(services, caller),
		drain: (timeoutMs) => {
			draining ??= drain(timeoutMs);
			return draining;
		},
	};
}

function acceptFor(host: HostServices, caller: CallerIdentity): AcceptCall {
	const rights = new CallerRights(caller, host.nodeId);
	return (end) => new HostedCall(host, end, rights);
}

function cutOff(nodeId: string): EasyRemoteError {
	return new EasyRemoteError(
		"ABORTED",
		`node "${nodeId}" shut down before the call was over`,
	);
}
