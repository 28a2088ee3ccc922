/** The protocol spoken here. A peer that offers another major version is refused with UNIMPLEMENTED. */
export const PROTOCOL_VERSION = 1;

/** Every timing and size of the protocol; PROTOCOL.md lists them with their reasons. */
export const PROTOCOL = {
	/** A socket that has not said `hello` by then is closed (4408). */
	helloTimeoutMs: 5_000,
	/** How often a client tells the gateway that its program is alive; nodes are told in `welcome`. */
	heartbeatIntervalMs: 15_000,
	/** The same after `goaway`, so that the gateway sees when the last call has ended. */
	drainHeartbeatIntervalMs: 250,
	/** How long a call waits for a path to come back before it fails with ABORTED. */
	reattachTimeoutMs: 1_500,
	/** The same, after the gateway announced that it restarts. */
	restartReattachTimeoutMs: 30_000,
	/** How long a node keeps calls whose caller is out of reach, and answers nobody has acknowledged. */
	orphanTimeoutMs: 30_000,
	/** How long a bulk call waits for the direct path before it settles for the relay. */
	directWaitMs: 5_000,
	/** An attempt at a direct path that has not opened by then is given up. */
	directAttemptTimeoutMs: 8_000,
	/** Payload from which a call waits for the direct path, bytes. */
	directThresholdBytes: 256 * 1024,
	/** A session with no call for this long gives its peer connection back. */
	sessionIdleMs: 60_000,
	/** Largest message on the relay: one chunk of a bulk transfer, bytes. */
	relayMessageBytes: 256 * 1024,
	/** Largest message on a data channel, bytes (its hard limit is 262,144). */
	directMessageBytes: 64 * 1024,
	/** Largest WebSocket message the gateway takes, bytes. */
	socketMessageBytes: 1024 * 1024,
	/** Largest control message, bytes. */
	controlMessageBytes: 256 * 1024,
	/** What one direction of a call may send before its receiver has used any of it, bytes. */
	callWindowBytes: 4 * 1024 * 1024,
	/** A receiver acknowledges at the latest after this many bytes of a path … */
	ackBytes: 32 * 1024,
	/** … or this long after the first unacknowledged one, ms. */
	ackDelayMs: 10,
	/** How often a quiet direct path is asked for a sign of life … */
	pingIntervalMs: 2_000,
	/** … and after which silence it counts as dead. */
	pingTimeoutMs: 6_000,
	/** Most bytes that a measurement of a path sends or asks for at once. */
	probeBytes: 4 * 1024 * 1024,
	/** Longest header of a record within a call, bytes. */
	recordHeaderBytes: 64 * 1024,
	/** Deepest nesting of a control message or a call header. */
	envelopeDepth: 32,
	/** Rows of call statistics in one heartbeat; more follow in the next. */
	statsRows: 64,
	/** Buckets for durations of calls: eight to a doubling, from 2⁻⁷ ms on. */
	latencyBuckets: 232,
} as const;

/** Close codes of the gateway's WebSocket doors (4000–4999 are an application's own, RFC 6455 §7.4.2). */
export const CLOSE_CODES = {
	/** The peer leaves on its own accord. */
	normal: 1000,
	/** The gateway restarts: come back. */
	restart: 1012,
	/** The peer broke the protocol. */
	protocol: 4400,
	/** No, bad, expired or revoked credential. */
	unauthenticated: 4401,
	/** The credential does not allow this. */
	denied: 4403,
	/** No `hello` in time. */
	helloTimeout: 4408,
	/** The same identity connected anew elsewhere. */
	replaced: 4409,
	/** Too many connections, or reading too slowly. */
	overloaded: 4429,
	/** The closing side failed, or may not say more (browsers cannot send codes below 3000). */
	failed: 4500,
} as const;
