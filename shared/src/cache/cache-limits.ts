import { EasyRemoteError } from "../errors/easyremote-error.js";

/** How much a cache of answers holds; the answer unused for longest goes first. */
export interface CacheLimits {
	/** Answers (1000). */
	readonly maxEntries: number;
	/** Bytes of all answers (64 MiB). */
	readonly maxBytes: number;
	/** Bytes of one answer: a larger one is given, not kept (1 MiB). */
	readonly maxAnswerBytes: number;
}

export const DEFAULT_CACHE_LIMITS: CacheLimits = {
	maxEntries: 1_000,
	maxBytes: 64 * 1_048_576,
	maxAnswerBytes: 1_048_576,
};

/** Fills limits up. Throws INVALID_ARGUMENT that names the one that is unknown, or no whole number over 0. */
export function cacheLimits(given: Partial<CacheLimits> = {}): CacheLimits {
	for (const [name, value] of Object.entries(given) as [string, unknown][]) {
		if (!Object.hasOwn(DEFAULT_CACHE_LIMITS, name))
			throw invalid(
				name,
				`there are ${Object.keys(DEFAULT_CACHE_LIMITS).join(", ")}`,
			);
		if (value !== undefined && !(Number.isInteger(value) && Number(value) > 0))
			throw invalid(name, "it must be a whole number over 0");
	}
	return {
		maxEntries: given.maxEntries ?? DEFAULT_CACHE_LIMITS.maxEntries,
		maxBytes: given.maxBytes ?? DEFAULT_CACHE_LIMITS.maxBytes,
		maxAnswerBytes: given.maxAnswerBytes ?? DEFAULT_CACHE_LIMITS.maxAnswerBytes,
	};
}

function invalid(name: string, problem: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid limit "${name}" of a cache: ${problem}`,
	);
}
