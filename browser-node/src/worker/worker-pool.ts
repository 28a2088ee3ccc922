import { type Deferred, deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallContext } from "@easyremote/shared/functions";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import { lost, PooledWorker, type SpawnWorker } from "./pooled-worker.js";
import type { WorkerCall } from "./worker-call.js";

/** How long a cancelled function may go on before its Worker is terminated, ms. */
export const CANCEL_GRACE_MS = 1_000;
/** How long a Worker may take to import its module, ms. */
export const LOAD_TIMEOUT_MS = 30_000;

export interface WorkerPoolOptions {
	/** Workers at once. */
	readonly size: number;
	readonly spawn: SpawnWorker;
	readonly clock: Clock;
	/** "call": a Worker that ran one call runs no other, and is replaced. Otherwise Workers are kept. */
	readonly isolation?: "reuse" | "call" | undefined;
	/** How long a Worker may take to load, ms; LOAD_TIMEOUT_MS unless said otherwise. */
	readonly loadTimeoutMs?: number | undefined;
}

/**
 * Function Workers, started when first needed and kept. Each runs one call, so that a function that never comes back,
 * or crashes its Worker, harms no other call: its Worker is terminated and replaced.
 */
export class WorkerPool {
	readonly #options: WorkerPoolOptions;
	readonly #workers = new Set<PooledWorker>();
	readonly #idle: PooledWorker[] = [];
	readonly #loading = new Map<PooledWorker, () => void>();
	readonly #waiting = new Set<Deferred<PooledWorker>>();
	#described: Deferred<readonly FunctionDescriptor[]> | undefined;
	#closed = false;

	constructor(options: WorkerPoolOptions) {
		this.#options = options;
	}

	/** Starts the first Worker; the answer is what its module exports. Rejects when it cannot be loaded. */
	start(): Promise<readonly FunctionDescriptor[]> {
		this.#described = deferred();
		this.#spawn();
		return this.#described.promise;
	}

	/**
	 * Runs a call in the next free Worker. The answer is a value, or an async iterator for a stream.
	 * Rejects with what the function threw, UNAVAILABLE when its Worker was lost, or the signal's reason.
	 */
	async run(
		name: string,
		context: CallContext,
		args: readonly unknown[],
	): Promise<unknown> {
		const { signal } = context;
		const worker = await this.#acquire(signal);
		const call = worker.run(name, context, args);
		const abort = (): void => this.#abort(worker, call, signal.reason);
		if (signal.aborted) abort();
		else signal.addEventListener("abort", abort, { once: true });
		return call.answer;
	}

	/** Workers there are, idle ones included. */
	get size(): number {
		return this.#workers.size;
	}

	/** Whether one of them waits for a call. */
	get hasIdle(): boolean {
		return this.#idle.length > 0;
	}

	/** Ends the Worker that has been idle for longest, if there is one. */
	endIdle(): boolean {
		const [oldest] = this.#idle;
		oldest?.end(lost("its place was needed"));
		return oldest !== undefined;
	}

	/** Terminates every Worker; calls in them fail. */
	close(): void {
		this.#closed = true;
		const error = lost("the node has stopped");
		for (const worker of [...this.#workers]) worker.end(error);
		for (const waiter of this.#waiting) waiter.reject(error);
		this.#waiting.clear();
	}

	async #acquire(signal: AbortSignal): Promise<PooledWorker> {
		signal.throwIfAborted();
		if (this.#closed) throw lost("the node has stopped");
		const free = this.#idle.pop();
		if (free) return free;
		const waiter = deferred<PooledWorker>();
		this.#waiting.add(waiter);
		const abort = (): void => {
			if (this.#waiting.delete(waiter)) waiter.reject(signal.reason);
		};
		signal.addEventListener("abort", abort, { once: true });
		this.#spawnForWaiting();
		try {
			return await waiter.promise;
		} finally {
			signal.removeEventListener("abort", abort);
		}
	}

	#spawnForWaiting(): void {
		const wanted = Math.min(
			this.#waiting.size - this.#loading.size,
			this.#options.size - this.#workers.size,
		);
		for (let count = 0; count < wanted; count += 1) this.#spawn();
	}

	#spawn(): void {
		const worker = new PooledWorker(this.#options.spawn, {
			ready: (ready, functions) => {
				this.#loading.get(ready)?.();
				this.#loading.delete(ready);
				this.#described?.resolve(functions);
				this.#offer(ready);
			},
			idle: (idle) =>
				this.#options.isolation === "call"
					? idle.end(lost("it has run its one call"))
					: this.#offer(idle),
			gone: (gone, error) => this.#forget(gone, error),
		});
		this.#workers.add(worker);
		const { clock, loadTimeoutMs = LOAD_TIMEOUT_MS } = this.#options;
		const cancel = clock.schedule(loadTimeoutMs, () =>
			worker.end(loadTimeout(loadTimeoutMs)),
		);
		this.#loading.set(worker, cancel);
	}

	#offer(worker: PooledWorker): void {
		const [waiter] = this.#waiting;
		if (!waiter) {
			this.#idle.push(worker);
			return;
		}
		this.#waiting.delete(waiter);
		waiter.resolve(worker);
	}

	#forget(worker: PooledWorker, error: Error): void {
		this.#workers.delete(worker);
		const position = this.#idle.indexOf(worker);
		if (position >= 0) this.#idle.splice(position, 1);
		const cancelTimeout = this.#loading.get(worker);
		if (cancelTimeout) {
			cancelTimeout();
			this.#loading.delete(worker);
			this.#described?.reject(error);
			// Loading again would fail again: whoever waits for it is told why.
			const [waiter] = this.#waiting;
			if (waiter) {
				this.#waiting.delete(waiter);
				waiter.reject(error);
			}
		}
		if (!this.#closed) this.#spawnForWaiting();
	}

	#abort(worker: PooledWorker, call: WorkerCall, reason: unknown): void {
		if (!worker.runs(call)) return;
		call.abort(reason);
		this.#options.clock.schedule(CANCEL_GRACE_MS, () => {
			if (worker.runs(call))
				worker.end(lost("it did not stop when its call was cancelled"));
		});
	}
}

function loadTimeout(ms: number): EasyRemoteError {
	return new EasyRemoteError(
		"DEADLINE_EXCEEDED",
		`the functions' module was not loaded within ${ms / 1000} s`,
		{ details: { phase: "queued" } },
	);
}
