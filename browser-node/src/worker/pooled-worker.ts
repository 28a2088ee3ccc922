import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallContext } from "@easyremote/shared/functions";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type {
	FunctionCommand,
	FunctionReport,
} from "../ports/function-port.js";
import { rebuildThrown } from "../ports/thrown-error.js";
import { WorkerCall } from "./worker-call.js";

/** What is used of the MessagePort to a function Worker; `message` events carry a `FunctionReport`. */
export interface FunctionPort {
	postMessage(command: FunctionCommand, transfer: Transferable[]): void;
	/** `close` comes where the browser tells of it: the Worker closed itself, or its process died. */
	addEventListener(
		type: "message" | "close",
		listener: (event: Event) => void,
	): void;
	/** Events begin. */
	start(): void;
	close(): void;
}

/** A function Worker just started: where to talk to it, and how to end it. */
export interface WorkerHandle {
	readonly port: FunctionPort;
	terminate(): void;
}

/** Starts a function Worker. `failed` may be called later, when its script cannot be loaded. */
export type SpawnWorker = (failed: (error: Error) => void) => WorkerHandle;

/** What a Worker tells its pool. */
export interface PooledWorkerEvents {
	ready(worker: PooledWorker, functions: readonly FunctionDescriptor[]): void;
	/** Its call has ended: it may take another. */
	idle(worker: PooledWorker): void;
	/** It is no more. */
	gone(worker: PooledWorker, error: Error): void;
}

/** One function Worker, which runs one call at a time. */
export class PooledWorker {
	readonly #handle: WorkerHandle;
	readonly #events: PooledWorkerEvents;
	#call: WorkerCall | undefined;
	#number = 0;
	#gone = false;

	constructor(spawn: SpawnWorker, events: PooledWorkerEvents) {
		this.#events = events;
		this.#handle = spawn((error) => this.end(error));
		const { port } = this.#handle;
		port.addEventListener("message", (event) =>
			this.#take((event as MessageEvent<FunctionReport>).data),
		);
		port.addEventListener("close", () => this.end(lost("it ended by itself")));
		port.start();
	}

	/** Runs a call; the Worker must be idle. */
	run(
		name: string,
		context: CallContext,
		args: readonly unknown[],
	): WorkerCall {
		this.#number += 1;
		const call = new WorkerCall(this.#number, context, (command, transfer) =>
			this.#post(command, transfer),
		);
		this.#call = call;
		try {
			call.begin(name, args);
		} catch (error) {
			this.#call = undefined;
			this.#events.idle(this);
			throw error;
		}
		return call;
	}

	/** Whether it is still busy with that call. */
	runs(call: WorkerCall): boolean {
		return this.#call === call;
	}

	/** Ends the Worker, whatever it is doing. */
	end(error: Error): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#handle.port.close();
		this.#handle.terminate();
		this.#call?.fail(error);
		this.#call = undefined;
		this.#events.gone(this, error);
	}

	#take(report: FunctionReport): void {
		if (this.#gone) return;
		switch (report.type) {
			case "ready":
				this.#events.ready(this, report.functions);
				break;
			case "load_failed":
				this.end(notLoaded(rebuildThrown(report.error)));
				break;
			case "crashed":
				this.end(rebuildThrown(report.error));
				break;
			default:
				if (report.call !== this.#number || !this.#call?.take(report)) break;
				this.#call = undefined;
				this.#events.idle(this);
		}
	}

	#post(command: FunctionCommand, transfer: Transferable[]): void {
		if (!this.#gone) this.#handle.port.postMessage(command, transfer);
	}
}

/** What a call is told whose Worker vanished. */
export function lost(why: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the Worker that ran the function is gone: ${why}`,
		{
			details: { reason: "worker_lost" },
		},
	);
}

function notLoaded(cause: Error): EasyRemoteError {
	if (cause instanceof EasyRemoteError) return cause;
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`the functions' module cannot be loaded: ${cause.message}`,
		{
			hint: "open its address in the browser, and look at the console for what it imports",
			cause,
		},
	);
}
