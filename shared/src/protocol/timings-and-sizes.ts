/** A socket that has not said `hello` by then is closed (4408). */
export const helloTimeoutMs = 5_000;
/** How often a client tells the gateway that its program is alive; nodes are told in `welcome`. */
export const heartbeatIntervalMs = 15_000;
/** The same after `goaway`, so that the gateway sees when the last call has ended. */
export const drainHeartbeatIntervalMs = 250;
/** How long a call waits for a path to come back before it fails with ABORTED. */
export const reattachTimeoutMs = 1_500;
/** The same, after the gateway announced that it restarts. */
export const restartReattachTimeoutMs = 30_000;
/** How long a node keeps calls whose caller is out of reach, and answers nobody has acknowledged. */
export const orphanTimeoutMs = 30_000;
/** How long a bulk call waits for the direct path before it settles for the relay. */
export const directWaitMs = 5_000;
/** An attempt at a direct path that has not opened by then is given up. */
export const directAttemptTimeoutMs = 8_000;
/** Payload from which a call waits for the direct path, bytes. */
export const directThresholdBytes = 256 * 1024;
/** A session with no call for this long gives its peer connection back. */
export const sessionIdleMs = 60_000;
/** Largest message on the relay: one chunk of a bulk transfer, bytes. */
export const relayMessageBytes = 256 * 1024;
/** Largest message on a data channel, bytes (its hard limit is 262,144). */
export const directMessageBytes = 128 * 1024;
/** Largest WebSocket message the gateway takes, bytes. */
export const socketMessageBytes = 1024 * 1024;
/** Largest control message, bytes. */
export const controlMessageBytes = 256 * 1024;
/** What one direction of a call may send before its receiver has used any of it, bytes. */
export const callWindowBytes = 4 * 1024 * 1024;
/** A receiver acknowledges at the latest after this many bytes of a path … */
export const ackBytes = 32 * 1024;
/** … or this long after the first unacknowledged one, ms (as QUIC: RFC 9000 §18.2, max_ack_delay). */
export const ackDelayMs = 25;
/** How often a quiet direct path is asked for a sign of life … */
export const pingIntervalMs = 2_000;
/** … and after which silence it counts as dead. */
export const pingTimeoutMs = 6_000;
/** Most bytes that a measurement of a path sends or asks for at once. */
export const probeBytes = 4 * 1024 * 1024;
/** Longest header of a record within a call, bytes. */
export const recordHeaderBytes = 64 * 1024;
/** Deepest nesting of a control message or a call header. */
export const envelopeDepth = 32;
/** Rows of call statistics in one heartbeat; more follow in the next. */
export const statsRows = 64;
/** Buckets for durations of calls: eight to a doubling, from 2⁻⁷ ms on. */
export const latencyBuckets = 232;
