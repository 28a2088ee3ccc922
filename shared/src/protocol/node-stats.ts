import * as v from "valibot";
import { ERROR_CODES, type ErrorCode } from "../errors/error-codes.js";
import { PROTOCOL } from "./constants.js";
import { functionName } from "./wire-types.js";

/** How a call ended: answered, or with an error of this code. */
export type CallOutcome = "OK" | ErrorCode;

const outcomes = ["OK", ...Object.keys(ERROR_CODES)] as CallOutcome[];

/** Beyond what honest nodes reach, and sums of many such numbers are still exact. */
const total = v.pipe(v.number(), v.minValue(0), v.maxValue(2 ** 50));
const count = v.pipe(total, v.integer());

/** Sums over the calls of one function on one kind of path. */
const callTotals = v.object({
	/** Calls by outcome; outcomes that never were are left out. */
	outcomes: v.record(v.picklist(outcomes), count),
	/** Durations: bucket, calls in it, bucket, calls … PROTOCOL.md §3 says what a bucket holds. */
	latency: v.pipe(
		v.array(count),
		v.maxLength(2 * PROTOCOL.latencyBuckets),
		v.check((pairs) => pairs.length % 2 === 0, "expected pairs"),
		v.checkItems(
			(value, index) => index % 2 === 1 || value < PROTOCOL.latencyBuckets,
			"expected a bucket that exists",
		),
	),
	/** All durations together, ms. */
	sumMs: total,
	/** Arguments that came in, and results that went out, bytes. */
	bytesIn: count,
	bytesOut: count,
	/** Of functions that keep their answers: calls answered from the cache, and calls they ran for. */
	cacheHits: count,
	cacheMisses: count,
});

/** What a node says in a heartbeat of the calls that clients made to it. Totals, so that none is lost with a message. */
export const nodeStats = v.object({
	/** Since when they are counted, ms since the epoch. Another number means that counting began anew. */
	since: count,
	rows: v.pipe(
		v.array(
			v.object({
				function: functionName,
				path: v.picklist(["relay", "direct"]),
				...callTotals.entries,
			}),
		),
		v.maxLength(PROTOCOL.statsRows),
	),
});

export type CallTotals = v.InferOutput<typeof callTotals>;
export type NodeStats = v.InferOutput<typeof nodeStats>;
/** The calls of one function on one kind of path. */
export type NodeStatsRow = NodeStats["rows"][number];
