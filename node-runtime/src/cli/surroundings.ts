/** Somewhere to write text. */
export interface Sink {
	write(text: string): unknown;
	/** Whether a person looks at it. */
	readonly isTerminal: boolean;
}

/** What the command line needs of the process it runs in. */
export interface Surroundings {
	/** Results: with `--json`, one line for each event. */
	readonly out: Sink;
	/** Everything for people. */
	readonly err: Sink;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Waits for signals that ask the process to end. */
	readonly signals: {
		/** Resolves at the next one. */
		next(): Promise<unknown>;
	};
	/** Waits for word that a source has changed: where this process was started by one that watches them. */
	readonly changes?: { next(): Promise<unknown> } | undefined;
	/** How this program was started, so that it can be started again: the executable and what stands before the arguments. */
	readonly program: readonly string[];
}
