import type { CallProgress } from "./call-progress.js";

/** `auto`: relay at once, direct when it is there, bulk waits for direct. `direct`: never the relay. `relay`: never direct. */
export type Transport = "auto" | "direct" | "relay";

/** What `.with(options)` takes: the way one call is made, apart from its arguments. */
export interface CallOptions {
	/** Cancels the call when it aborts. */
	readonly signal?: AbortSignal | undefined;
	/** Time for the whole call, retries and (for a stream) all items included: ms, "30s", or Infinity. */
	readonly timeout?: number | string | undefined;
	/** How often a call that did not start, or an idempotent one, is tried again. */
	readonly retries?: number | undefined;
	readonly transport?: Transport | undefined;
	/** Payload from which a call waits for the direct path, bytes. */
	readonly directThreshold?: number | undefined;
	/** Names the intent: the node gives a repeated call with the same key the same answer. */
	readonly idempotencyKey?: string | undefined;
	/** Whether an answer from a cache will do (true), where the function keeps its answers at all. */
	readonly cache?: boolean | undefined;
	/**
	 * Equal answers wanted, each of another donor (or node), 1 to 16. With 1, the default, donors' results are compared as
	 * often as their record asks for it.
	 */
	readonly quorum?: number | undefined;
	/** Hears of the function's own progress and of bytes moved, told apart by `type`. What it throws is reported as an uncaught error. */
	readonly onProgress?: ((progress: CallProgress) => void) | undefined;
	/** W3C trace context to go with the call. */
	readonly traceparent?: string | undefined;
}

/** What a caller assumes where a call does not say. Times in ms, sizes in bytes. */
export interface CallDefaults {
	readonly timeoutMs: number;
	readonly retries: number;
	readonly transport: Transport;
	readonly directThresholdBytes: number;
	readonly cache: boolean;
	readonly quorum: number;
}
