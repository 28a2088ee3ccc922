/** How much a decoded value may cost. */
export interface ValueLimits {
	/** Deepest nesting; 100 unless said otherwise. */
	readonly maxDepth?: number | undefined;
	/**
	 * Most heap the value may take, bytes, as estimated from its structure; 32 MiB and 24 times its length unless
	 * said otherwise. JSON, which cannot unfold that much, is not measured.
	 */
	readonly maxHeapBytes?: number | undefined;
}

/** Deepest nesting of a user's value, written or read, where nothing else is asked for. */
export const MAX_VALUE_DEPTH = 100;
