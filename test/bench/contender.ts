import type { Child } from "../support/child.js";

/** A running set of processes to measure. */
export interface Contender {
	readonly name: string;
	/** Answers the load commands. */
	readonly client: Child;
	/** The process in the middle, if there is one: answers `usage`. */
	readonly middle?: Child;
	/** Everything started for it. */
	readonly processes: readonly Child[];
}
