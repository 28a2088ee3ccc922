import { ERROR_CODES, type ErrorCode } from "../errors/error-codes.js";
import { dictionary, list, object } from "../shapes/composed.js";
import {
	numberFrom,
	oneOf,
	type Shaped,
	that,
	wholeNumber,
} from "../shapes/shape.js";
import { PROTOCOL } from "./constants.js";
import { functionName } from "./wire-types.js";

/** How a call ended: answered, or with an error of this code. */
export type CallOutcome = "OK" | ErrorCode;

const outcomes = ["OK", ...Object.keys(ERROR_CODES)] as CallOutcome[];

/** Beyond what honest nodes reach, and sums of many such numbers are still exact. */
const LARGEST = 2 ** 50;
const total = numberFrom(0, LARGEST);
const count = wholeNumber(0, LARGEST);

/** Sums over the calls of one function on one kind of path. */
const callTotals = object({
	/** Calls by outcome; outcomes that never were are left out. */
	outcomes: dictionary(count, oneOf(...outcomes)),
	/** Durations: bucket, calls in it, bucket, calls … PROTOCOL.md §3 says what a bucket holds. */
	latency: that(
		list(count, 2 * PROTOCOL.latencyBuckets),
		arePairs,
		"expected pairs of a bucket that exists and a count",
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
export const nodeStats = object({
	/** Since when they are counted, ms since the epoch. Another number means that counting began anew. */
	since: count,
	rows: list(
		object({
			function: functionName,
			path: oneOf("relay", "direct"),
			...callTotals.fields,
		}),
		PROTOCOL.statsRows,
	),
});

export type CallTotals = Shaped<typeof callTotals>;
export type NodeStats = Shaped<typeof nodeStats>;
/** The calls of one function on one kind of path. */
export type NodeStatsRow = NodeStats["rows"][number];

function arePairs(numbers: readonly number[]): boolean {
	return (
		numbers.length % 2 === 0 &&
		numbers.every(
			(value, at) => at % 2 === 1 || value < PROTOCOL.latencyBuckets,
		)
	);
}
