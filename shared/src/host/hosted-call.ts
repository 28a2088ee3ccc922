import type { EncodedValue } from "../codec/encoded-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError, toWireError } from "../errors/error-wire.js";
import { isThenable } from "../functions/checked-result.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import { validateArguments } from "../functions/validate.js";
import type { CallMessage, CallMessageOf } from "../protocol/call-messages.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { PROBE_FUNCTION } from "../protocol/probe.js";
import type { CallEnd, CallEvents } from "../session/call-end.js";
import type { Applicant, Standing } from "./admission.js";
import type { CallerRights } from "./caller-rights.js";
import { readArguments } from "./call-arguments.js";
import { CallInputs } from "./call-inputs.js";
import { CachedRun, type CachedRunOwner } from "./cached-run.js";
import type { Dated } from "../time/deadline-watch.js";
import { FunctionRun, type RunOwner, streamingOff } from "./function-run.js";
import type { HostServices } from "./host-services.js";
import { pluginCall } from "./plugin-call.js";
import { authoriseProbe, probeEntry } from "./probe.js";

type FunctionCall = CallMessageOf<"function_call">;

/** `new`: nothing said yet. `queued`: waits for a place. `running`: has one. `over`: answered, cancelled or refused. */
type Phase = "new" | "queued" | "running" | "over";

/**
 * One call's life on a node: authorised, admitted, run, over. The function may outlive it: once the call is over
 * (cancelled, or past its deadline) its place is free and whatever the function still answers is dropped.
 */
export class HostedCall
	implements CallEvents, Applicant, Dated, RunOwner, CachedRunOwner
{
	readonly #host: HostServices;
	readonly #end: CallEnd;
	readonly #rights: CallerRights;
	readonly #caller: CallerIdentity;
	#phase: Phase = "new";
	#header: FunctionCall | undefined;
	#entry: FunctionEntry | undefined;
	#value: EncodedValue | undefined;
	#release: (() => void) | undefined;
	#inputs: CallInputs | undefined;
	#run: FunctionRun | CachedRun | undefined;
	#cached: CachedRun | undefined;
	#arrivedAt = 0;
	#startedAt: number | undefined;

	// Kept by the queue, the watch over deadlines and the host.
	standing: Standing | undefined = undefined;
	watchPlace: number | undefined = undefined;
	openPlace: number | undefined = undefined;

	functionName = "";
	concurrency: number | undefined = undefined;
	deadlineAt: number = Number.POSITIVE_INFINITY;

	constructor(host: HostServices, end: CallEnd, rights: CallerRights) {
		this.#host = host;
		this.#end = end;
		this.#rights = rights;
		this.#caller = rights.caller;
	}

	// What the session tells.

	message(
		header: CallMessage,
		value: EncodedValue | undefined,
		release: () => void,
	): void {
		if (header.type === "function_call" && this.#phase === "new") {
			this.#value = value;
			this.#release = release;
			this.#begin(header);
		} else if (header.type === "input_data" && this.#inputs) {
			this.#inputs.push(header.index, value, release);
		} else {
			release();
			if (header.type === "input_end" && this.#inputs) {
				this.#inputs.end(header.index, header.error);
			} else this.#breach(header.type);
		}
	}

	ended(): void {
		if (this.#phase === "new") this.settled(undefined);
		else this.#inputs?.close();
	}

	drained(): void {
		this.#run?.resume();
	}

	failed(error: EasyRemoteError): void {
		if (this.#phase === "over") return;
		this.settled(error);
		this.#run?.stop(error);
	}

	// What the queue and the clock tell.

	start(): void {
		const header = this.#header;
		const entry = this.#entry;
		if (!header || !entry) return;
		this.#phase = "running";
		this.#startedAt = this.#host.clock.monotonic();
		try {
			const args = readArguments(header, this.#value);
			this.#inputs?.place(args);
			this.#releaseValue();
			const checked = validateArguments(entry, args);
			if (isThenable(checked)) {
				checked.then(
					(valid) => this.#execute(header, entry, valid),
					(error: unknown) => this.refuse(toEasyRemoteError(error)),
				);
			} else this.#execute(header, entry, checked);
		} catch (error) {
			this.refuse(toEasyRemoteError(error));
		}
	}

	refuse(error: EasyRemoteError): void {
		if (this.#phase === "over") return;
		if (this.#end.writable) {
			this.#end.send({ type: "error", error: toWireError(error) });
			this.#end.end();
		} else {
			// Behind what the caller is slow to take, it would come too late.
			this.#end.cancel(error);
		}
		this.settled(error);
		this.#run?.stop(error);
	}

	begun(): void {
		this.#phase = "running";
		this.#startedAt ??= this.#host.clock.monotonic();
	}

	bypassed(): void {
		this.#phase = "queued";
		this.#run = undefined;
		try {
			this.#host.admission.enter(this);
		} catch (error) {
			this.refuse(toEasyRemoteError(error));
		}
	}

	streams(): void {
		if (!this.#entry || this.#phase !== "running") return;
		this.#host.deadlines.remove(this);
		this.#setDeadline(this.#entry, true);
	}

	expire(): void {
		this.refuse(this.#deadlineError());
	}

	#begin(header: FunctionCall): void {
		const { clock, table, quotas, hooks, nodeId } = this.#host;
		this.#header = header;
		this.functionName = header.function;
		this.#arrivedAt = clock.monotonic();
		this.#phase = "queued";
		this.#host.opened(this);
		try {
			const isProbe = header.function === PROBE_FUNCTION;
			const entry = isProbe ? probeEntry : table.find(header.function);
			if (!entry) throw this.#missing();
			this.#entry = entry;
			this.concurrency = entry.options.concurrency;
			if (isProbe) authoriseProbe(this.#caller, nodeId, table.names);
			else if (!this.#rights.cover(entry.descriptor))
				throw this.#refusal(entry.descriptor);
			quotas.take(this.#caller);
			if (!this.#host.streaming && (entry.stream || header.inputs))
				throw streamingOff(nodeId);
			this.#setDeadline(entry, entry.stream || header.inputs !== undefined);
			if (header.inputs) this.#inputs = new CallInputs(header.inputs);
			const asked = hooks?.before(
				pluginCall(header.id, header.function, nodeId, this.#caller),
			);
			if (asked) this.#whenAllowed(asked, header, entry);
			else this.#proceed(header, entry);
		} catch (error) {
			this.refuse(toEasyRemoteError(error));
		}
	}

	#whenAllowed(
		asked: Promise<void>,
		header: FunctionCall,
		entry: FunctionEntry,
	): void {
		asked
			.then(() => {
				if (this.#phase === "queued") this.#proceed(header, entry);
			})
			.catch((error: unknown) => this.refuse(toEasyRemoteError(error)));
	}

	/** Throws as the admission does. */
	#proceed(header: FunctionCall, entry: FunctionEntry): void {
		const { admission, cache } = this.#host;
		if (!cache?.takes(header, entry)) {
			admission.enter(this);
			return;
		}
		const value = this.#value;
		const caller = this.#caller;
		this.#cached = new CachedRun(
			{ header, value, entry, caller },
			this.#end,
			this,
		);
		this.#run = this.#cached;
		this.#cached.start(cache);
	}

	/**
	 * The node's own limit is for answers that come in one piece. How long a stream flows is for its reader, its writer
	 * and the function's `timeout` to say: a gigabyte takes its time.
	 */
	#setDeadline(entry: FunctionEntry, streams: boolean): void {
		const leftMs = this.#header?.deadlineMs ?? Number.POSITIVE_INFINITY;
		if (leftMs <= 0) throw this.#deadlineError();
		const ownMs = streams
			? Number.POSITIVE_INFINITY
			: this.#host.requestTimeoutMs;
		this.deadlineAt =
			this.#arrivedAt + Math.min(entry.timeoutMs ?? ownMs, leftMs);
		this.#host.deadlines.add(this);
	}

	#execute(
		header: FunctionCall,
		entry: FunctionEntry,
		args: readonly unknown[],
	): void {
		// A slow validation may end after the call has.
		if (this.#phase !== "running") return;
		this.#run = new FunctionRun({
			host: this.#host,
			end: this.#end,
			header,
			entry,
			caller: this.#caller,
			owner: this,
		});
		this.#run.start(
			args,
			(this.#startedAt ?? this.#arrivedAt) - this.#arrivedAt,
		);
	}

	settled(error: EasyRemoteError | undefined): void {
		if (this.#phase === "over") return;
		this.#phase = "over";
		this.#releaseValue();
		this.#inputs?.fail(error);
		const { admission, deadlines, clock, stats, observe } = this.#host;
		const endedAt = clock.monotonic();
		const startedAt = this.#startedAt ?? endedAt;
		deadlines.remove(this);
		admission.leave(this, endedAt - startedAt);
		this.#host.over(this);
		const transport = this.#end.path?.kind;
		if (this.#counts())
			stats?.add(this.functionName, transport ?? "relay", {
				outcome: error?.code ?? "OK",
				ms: endedAt - this.#arrivedAt,
				bytesIn: this.#end.bytesReceived,
				bytesOut: this.#end.sendTotal ?? this.#end.bytesSent,
				cache: this.#cached?.outcome,
			});
		observe?.({
			callId: this.#header?.id ?? "",
			functionName: this.functionName,
			caller: this.#caller,
			transport,
			queuedMs: startedAt - this.#arrivedAt,
			runMs: endedAt - startedAt,
			bytesReceived: this.#end.bytesReceived,
			bytesSent: this.#end.bytesSent,
			cache: this.#cached?.outcome,
			error,
		});
	}

	/** Whether it is among the calls that the gateway is told of: of a function there is, and not one it has made itself. */
	#counts(): boolean {
		const entry = this.#entry;
		return (
			entry !== undefined && entry !== probeEntry && this.#caller.via !== "rest"
		);
	}

	#releaseValue(): void {
		this.#value = undefined;
		this.#release?.();
		this.#release = undefined;
	}

	#breach(type: CallMessage["type"]): void {
		if (this.#phase === "over") return;
		const error = new EasyRemoteError(
			"INVALID_ARGUMENT",
			`a caller may not say "${type}" at this point of a call`,
		);
		this.#end.cancel(error);
		this.failed(error);
	}

	/** What is hidden from the caller is as if it were not there. */
	#refusal(descriptor: FunctionDescriptor): EasyRemoteError {
		return this.#rights.hide(descriptor)
			? this.#missing()
			: this.#rights.refusal(descriptor);
	}

	#missing(): EasyRemoteError {
		return this.#host.table.missing(this.functionName, (descriptor) =>
			this.#rights.hide(descriptor),
		);
	}

	#deadlineError(): EasyRemoteError {
		const phase = this.#phase === "running" ? "running" : "queued";
		return new EasyRemoteError(
			"DEADLINE_EXCEEDED",
			phase === "running"
				? `"${this.functionName}" did not finish in time`
				: `"${this.functionName}" did not get to run in time`,
			{
				callId: this.#header?.id,
				details: { phase },
				hint: "give the call more time, or the function its own `timeout`",
			},
		);
	}
}
