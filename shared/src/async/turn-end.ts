/**
 * So many things are worth a message of their own, the first of a turn and those after them: fewer cost both ends more in
 * messages than they gain by leaving sooner.
 */
const ENOUGH = { first: 16, later: 32 } as const;

/** Its microtasks cost less than `queueMicrotask` does in Node.js, which gives each an async context of its own. */
const settled = Promise.resolve();

/**
 * The end of the present turn of the event loop, at which what has become ready in it leaves together: a microtask, so
 * before another socket is read. Where much becomes ready in one turn, it leaves by the dozen: two ends that answer one
 * long message by another only take turns at working.
 */
export class TurnEnd {
	#tasks: (() => void)[] = [];
	#ready = 0;
	#enough: number = ENOUGH.first;
	#running = false;

	/** Runs `task` at the end of the turn, or as soon as there is enough. What it plans in turn runs right after it. */
	plan(task: () => void): void {
		this.#tasks.push(task);
		if (this.#tasks.length === 1 && !this.#running)
			void settled.then(this.#atEnd);
	}

	/** Something more is about to become ready: what is ready leaves before it, if that is enough. */
	ready(): void {
		if (this.#ready >= this.#enough && !this.#running) {
			this.#run();
			this.#enough = ENOUGH.later;
		}
		this.#ready += 1;
	}

	readonly #atEnd = (): void => {
		this.#run();
		this.#enough = ENOUGH.first;
	};

	#run(): void {
		this.#ready = 0;
		this.#running = true;
		for (const task of this.#tasks) {
			try {
				task();
			} catch (error) {
				// The others run all the same.
				queueMicrotask(() => {
					throw error;
				});
			}
		}
		this.#tasks = [];
		this.#running = false;
	}
}

/** That of this thread, whoever has something to send. */
export const turnEnd = new TurnEnd();
