import type { Clock } from "@easyremote/shared/time";

/** Somewhere to write; resolves when there is room for more. */
export interface Sink {
	write(chunk: string | Uint8Array): Promise<void>;
	/** Whether a person looks at it. */
	readonly isTerminal: boolean;
	/** Width of that terminal, as of now. */
	readonly columns?: number | undefined;
}

/** What the command line needs of the process it runs in. */
export interface Surroundings {
	/** Results. */
	readonly out: Sink;
	/** Everything else. */
	readonly err: Sink;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The whole of standard input. */
	readInput(): Promise<Uint8Array>;
	/** Throws as `node:fs` does. */
	readFile(path: string): Promise<Uint8Array>;
	readonly clock: Clock;
	/** Aborts when the user interrupts. */
	readonly interrupted: AbortSignal;
}
