/** An argument that streams to the node. */
export interface StreamedInput {
	/** Its position among the arguments. */
	readonly index: number;
	readonly source: AsyncIterable<unknown>;
}

/** Whether an argument is to be streamed rather than encoded. */
export function isStreamed(value: unknown): value is AsyncIterable<unknown> {
	return (
		typeof value === "object" && value !== null && Symbol.asyncIterator in value
	);
}
