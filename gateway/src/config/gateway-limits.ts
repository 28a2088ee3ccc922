import * as v from "valibot";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The largest delay that a timer takes, ms. */
const LONGEST_MS = 2 ** 31 - 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(1), v.maxValue(LONGEST_MS));
const bytesFrom = (least: number) => v.pipe(count, v.minValue(least));

/** Bounds of WebSockets: how many, how large, how fast, and how slow. */
const socketLimits = {
	/** Sockets open at once; one more is closed with 4429. Bounds memory and file descriptors. */
	maxConnections: v.optional(count, 1_000),
	/** Sockets open at once from one address, so that one neighbour cannot take them all. */
	maxConnectionsPerAddress: v.optional(count, 50),
	/** Time to say `hello` on a new socket, ms: an idle stranger holds a place no longer. */
	helloTimeoutMs: v.optional(milliseconds, 5_000),
	/** Largest WebSocket message, bytes: bounds what a socket buffers before anybody looks at it. */
	maxMessageBytes: v.optional(bytesFrom(64 * KIB), MIB),
	/** Pieces one WebSocket message may come in: many tiny ones cost more to keep than they carry. */
	maxFragments: v.optional(count, 64),
	/** Largest control message, bytes; peers send none above 256 KiB. */
	maxControlBytes: v.optional(
		v.pipe(bytesFrom(4 * KIB), v.maxValue(256 * KIB)),
		256 * KIB,
	),
	/** Control messages of one socket at once … */
	controlBurst: v.optional(count, 2_000),
	/** … and in the long run, a second; above it the socket is closed with 4429. Bounds our CPU. */
	controlsPerSecond: v.optional(count, 200),
	/** How often a socket is asked for a sign of life, ms … */
	pingIntervalMs: v.optional(milliseconds, 15_000),
	/** … and how many in a row it may leave unanswered. */
	maxMissedPings: v.optional(count, 2),
	/** So much waiting for a slow reader pauses whoever sends to it, bytes … */
	pauseAboveBytes: v.optional(bytesFrom(64 * KIB), MIB),
	/** … so much more than it heeds ends the session, bytes: a path's window, and room to spare … */
	maxUnheededBytes: v.optional(bytesFrom(MIB), 6 * MIB),
	/** … so much closes its connection, bytes: bounds memory for each reader … */
	maxBufferedBytes: v.optional(bytesFrom(128 * KIB), 8 * MIB),
	/** … and so does no progress for this long, ms; HTTP connections too. */
	stalledTimeoutMs: v.optional(milliseconds, 10_000),
};

/** Bounds of what one peer makes the gateway keep. */
const peerLimits = {
	/** Sessions open at once on one client's socket. */
	maxSessionsPerClient: v.optional(count, 1_024),
	/** What is kept of a session until its node is found, bytes; more ends it. */
	maxEarlyBytes: v.optional(bytesFrom(64 * KIB), MIB),
	/** Routes one client is kept up to date about: each change of a node is looked up for each of them. */
	maxRoutesPerClient: v.optional(count, 256),
	/** Functions of one node. */
	maxFunctionsPerNode: v.optional(count, 4_096),
	/** What these may take with their descriptions and schemas, as JSON, bytes. */
	maxFunctionBytesPerNode: v.optional(bytesFrom(KIB), 4 * MIB),
	/** Signals of one side of a session at once: an attempt at a direct path takes some twenty … */
	signalBurst: v.optional(count, 100),
	/** … and in the long run, a second. */
	signalsPerSecond: v.optional(count, 10),
	/** STUN requests of one address at once: many peers may share one behind a NAT … */
	stunBurst: v.optional(count, 200),
	/** … and in the long run, a second; more are not answered. */
	stunPerSecond: v.optional(count, 50),
};

/** Bounds of HTTP requests. */
const httpLimits = {
	/** HTTP connections open at once, those not counted that became WebSockets; one more is cut. */
	maxHttpConnections: v.optional(count, 4_000),
	/** The same from one address. */
	maxHttpConnectionsPerAddress: v.optional(count, 1_000),
	/** Largest request line and headers, bytes: 431 above. */
	maxHeaderBytes: v.optional(bytesFrom(KIB), 16 * KIB),
	/** Time to send the headers of an HTTP request, and for a TLS handshake, ms: bounds slow senders. */
	headersTimeoutMs: v.optional(milliseconds, 10_000),
	/** Time to send the whole of a request, ms. */
	requestTimeoutMs: v.optional(milliseconds, 120_000),
	/** How long an HTTP connection may stay open between two requests, ms. */
	keepAliveTimeoutMs: v.optional(milliseconds, 5_000),
	/** REST calls under way at once: 429 above. */
	maxRunningCalls: v.optional(count, 1_000),
	/** Largest body of a REST call, bytes, counted as it comes in; above it the answer is 413. */
	maxBodyBytes: v.optional(count, 64 * MIB),
	/** Bodies of all REST calls under way together, bytes: 429 above. Bounds memory. */
	maxBodyBytesInAll: v.optional(count, 256 * MIB),
	/** Deepest nesting of a MessagePack body; JSON is for the node to read. */
	maxBodyDepth: v.optional(v.pipe(count, v.maxValue(1_000)), 100),
	/** Most a listing over HTTP says, bytes: beyond it schemas are left out, then nodes. */
	maxListingBytes: v.optional(bytesFrom(KIB), 4 * MIB),
	/** How long a REST call may take where the caller does not say, ms. */
	callTimeoutMs: v.optional(milliseconds, 60_000),
	/** Calls a minute of one principal (without credential: of one address); absent is any number. */
	callsPerMinute: v.optional(count),
};

/** Bounds of jobs and of calls with an idempotency key. */
const jobLimits = {
	/** Jobs that run at once, each with its arguments and result in memory; others wait. */
	maxRunningJobs: v.optional(count, 100),
	/** Jobs that are not over: 429 above … */
	maxUnfinishedJobs: v.optional(count, 10_000),
	/** … and those of one principal. */
	maxUnfinishedJobsPerPrincipal: v.optional(count, 1_000),
	/** Largest result that is kept, bytes; a generator's items together. A job with a larger one fails. */
	maxJobResultBytes: v.optional(bytesFrom(KIB), 16 * MIB),
};

/** Bounds of the answers that are kept of functions which ask for it. */
const answerLimits = {
	/** Answers in memory; the one unused for longest goes first. */
	maxKeptAnswers: v.optional(count, 10_000),
	/** Bytes of all of them. */
	maxKeptBytes: v.optional(count, 64 * MIB),
	/** Largest answer that is kept, bytes. */
	maxKeptAnswerBytes: v.optional(count, MIB),
	/** Largest answer that outlives the process, bytes: the database holds everything else up while it writes one. */
	maxStoredAnswerBytes: v.optional(count, 64 * KIB),
	/** Bytes of all answers in the database; those that expire soonest go first. */
	maxStoredBytes: v.optional(count, 256 * MIB),
};

/** Bounds of what is published. The code of one bundle has 5 MiB at most. */
const bundleLimits = {
	/** Versions of all bundles together; each is offered to every donor. */
	maxBundles: v.optional(v.pipe(count, v.maxValue(1_024)), 500),
	/** Code of all of them together, bytes; what several versions share counts once. */
	maxBundleBytes: v.optional(count, 256 * MIB),
};

/** Bounds of what is remembered of donors. */
const donorLimits = {
	/** Donors of whom it is remembered how their results compared and what they gave; the one heard of longest ago goes first. */
	maxDonors: v.optional(count, 10_000),
};

/** What one gateway lets others use up. Every entry is shown at `GET /api/report`. */
export const limitsSchema = v.pipe(
	v.strictObject({
		...socketLimits,
		...peerLimits,
		...httpLimits,
		...answerLimits,
		...bundleLimits,
		...donorLimits,
		/** Functions × nodes × paths that metrics and report keep apart; one node may have a quarter. Bounds memory and scrapes. */
		maxCallSeries: v.optional(count, 1_000),
		...jobLimits,
		/** How long running calls may go on when the gateway closes, ms. */
		drainTimeoutMs: v.optional(
			v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_MS)),
			25_000,
		),
	}),
	v.forward(
		v.check(
			({ maxBufferedBytes, pauseAboveBytes }) =>
				maxBufferedBytes > pauseAboveBytes,
			"expected more than pauseAboveBytes, or nobody could heed the pause",
		),
		["maxBufferedBytes"],
	),
);

/** The limits of a gateway, all filled in. */
export type GatewayLimits = v.InferOutput<typeof limitsSchema>;

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: GatewayLimits = v.parse(limitsSchema, {});
