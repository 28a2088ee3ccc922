/**
 * Runs tasks that all end with it. Each gets a signal of its own: of more than ten that listen to one, Node.js warns as
 * of a leak, and signals made by `AbortSignal.any` of one that lives on are never wholly forgotten.
 *
 * @example
 * const scope = new TaskScope();
 * const answer = scope.run((signal) => fetch(url, { signal }));
 * scope.abort(new Error("closed"));
 */
export class TaskScope {
	readonly #lifetime = new AbortController();
	readonly #tasks = new Set<AbortController>();

	/** Starts `task`, and settles as it does. Rejects with the reason of `abort` if that came before. */
	async run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
		this.#lifetime.signal.throwIfAborted();
		const controller = new AbortController();
		this.#tasks.add(controller);
		try {
			return await task(controller.signal);
		} finally {
			this.#tasks.delete(controller);
		}
	}

	/** Aborts the signals of all tasks, and starts none from now on. Later aborts do nothing. */
	abort(reason?: unknown): void {
		this.#lifetime.abort(reason);
		for (const task of this.#tasks) task.abort(this.#lifetime.signal.reason);
	}
}
