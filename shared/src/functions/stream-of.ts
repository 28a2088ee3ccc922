/** What a stream is read by. */
export type StreamIterator =
	| AsyncIterator<unknown, unknown>
	| Iterator<unknown, unknown>;

/**
 * The iterator behind a value that a function returns as a stream: async iterables and iterators, generators of both
 * kinds among them; undefined for plain values, which arrays, strings, maps and other containers are.
 */
export function streamOf(value: unknown): StreamIterator | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	if (isAsyncIterable(value)) return value[Symbol.asyncIterator]();
	return isIterator(value) ? value : undefined;
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
	return (
		Symbol.asyncIterator in value &&
		typeof value[Symbol.asyncIterator] === "function"
	);
}

function isIterator(value: object): value is Iterator<unknown> {
	return (
		Symbol.iterator in value &&
		"next" in value &&
		typeof value.next === "function"
	);
}
