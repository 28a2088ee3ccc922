/** How far the function is, in its own words. */
export interface FunctionProgress {
	readonly type: "progress";
	/** 0–1, as the function says. */
	readonly fraction?: number | undefined;
	/** In the function's words. */
	readonly message?: string | undefined;
	/** Whatever the function added. */
	readonly data?: unknown;
}

/**
 * How far the payload is: bytes on the wire in either direction, counted as `CallMeta` does. A total is there once
 * it is known: of a stream at its end, of a result when it begins to arrive. Told at most ten times a second, and
 * once more at the end; not at all of a call that moves less than 64 KiB.
 */
export interface TransferProgress {
	readonly type: "transfer";
	readonly sent: number;
	readonly sendTotal?: number | undefined;
	readonly received: number;
	readonly receiveTotal?: number | undefined;
	/** Never here: named so that a listener may look for what the function says without asking for `type`. */
	readonly fraction?: undefined;
	readonly message?: undefined;
	readonly data?: undefined;
}

/** What `onProgress` hears; `type` tells whose progress it is. */
export type CallProgress = FunctionProgress | TransferProgress;
