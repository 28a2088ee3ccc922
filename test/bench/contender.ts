import type { Child } from "../support/child.js";

/** Who can be asked to run a load: a process, or a page. */
export interface LoadClient {
	ask<T>(command: string, argument?: unknown): Promise<T>;
}

/** A running set of processes to measure. */
export interface Contender {
	readonly name: string;
	/** Answers the load commands. */
	readonly client: LoadClient;
	/** The process in the middle, if there is one: answers `usage`. */
	readonly middle?: Child;
	/** The processes that a call passes, in order; none where other threads or processes than their own carry it. */
	readonly way: readonly Child[];
	/** Everything started for it. */
	readonly processes: readonly Child[];
}
