import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(1));

/** What one gateway lets others use up. Every entry is shown at `GET /api/report`. */
export const limitsSchema = v.strictObject({
	/** Sockets open at once; one more is closed with 4429. Bounds memory and file descriptors. */
	maxConnections: v.optional(count, 1_000),
	/** Sockets open at once from one address, so that one neighbour cannot take them all. */
	maxConnectionsPerAddress: v.optional(count, 50),
	/** Largest WebSocket message, bytes: bounds what a socket buffers before anybody looks at it. */
	maxMessageBytes: v.optional(v.pipe(count, v.minValue(64 * 1024)), 1_048_576),
	/** Largest body of a REST call, bytes, counted as it comes in; above it the answer is 413. */
	maxBodyBytes: v.optional(count, 64 * 1_048_576),
	/** Time to say `hello` on a new socket, ms: an idle stranger holds a place no longer. */
	helloTimeoutMs: v.optional(milliseconds, 5_000),
	/** Time to send the headers of an HTTP request, ms: bounds slow senders. */
	headersTimeoutMs: v.optional(milliseconds, 10_000),
	/** How long a REST call may take where the caller does not say, ms. */
	callTimeoutMs: v.optional(milliseconds, 60_000),
	/** How long running calls may go on when the gateway closes, ms. */
	drainTimeoutMs: v.optional(v.pipe(v.number(), v.minValue(0)), 25_000),
});
