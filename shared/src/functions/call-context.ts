/** How far a function is, as it says itself. */
export interface CallProgress {
	/** 0–1. */
	readonly fraction?: number | undefined;
	/** In words, for people. */
	readonly message?: string | undefined;
	/** Anything else that the caller can use, such as a preview. */
	readonly data?: unknown;
}

/** What a function made with `define` knows of the call that runs it, and how it talks to its caller. */
export interface CallContext {
	/** Id of the call, the same at the caller, in logs and in errors. */
	readonly id: string;
	/** Aborts when the caller cancelled or is gone, or the deadline has passed: stop then. */
	readonly signal: AbortSignal;
	/** When the answer is no longer wanted, ms since the epoch; undefined is never. */
	readonly deadline: number | undefined;
	/** 1 for the first try. */
	readonly attempt: number;
	/** Who calls, as the gateway vouches for it. */
	readonly caller: {
		/** Stable id of the principal. */
		readonly id: string;
		/** Human name: of the key, or a token's subject. */
		readonly subject: string;
	};
	/** W3C trace context that came with the call, if a valid one did: the parent of spans that the function makes. */
	readonly traceparent: string | undefined;
	/** Tells the caller how far the call is: a share of 1, or more. Cheap; what the path cannot take is left out. */
	readonly progress: (progress: number | CallProgress) => void;
	/** Writes to the node's log, and to the caller's events. */
	readonly log: (
		message: string,
		fields?: Readonly<Record<string, unknown>>,
	) => void;
}
