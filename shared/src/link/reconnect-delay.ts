/** Bounds of the wait before a new attempt, ms. */
export interface ReconnectBounds {
	/** The first wait is up to this long. */
	readonly minMs: number;
	/** No wait of our own choosing is longer. */
	readonly maxMs: number;
}

/** Longest wait that a gateway may ask for, ms: bounds what a wrong number can do. */
const LONGEST_ASKED_MS = 5 * 60_000;

/**
 * How long to wait before the next attempt, ms: full jitter under a ceiling that doubles with each
 * failure ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015), on top of what was asked for.
 *
 * @param failures attempts failed since the last good connection, the one just ended not counted
 * @param random a number in [0, 1)
 */
export function reconnectDelay(
	failures: number,
	askedMs: number | undefined,
	{ minMs, maxMs }: ReconnectBounds,
	random: () => number,
): number {
	const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures, 30));
	const asked = Math.min(Math.max(askedMs ?? 0, 0), LONGEST_ASKED_MS);
	return asked + random() * ceiling;
}
