import * as v from "valibot";
import { duration } from "./duration.js";

const DAY_MS = 86_400_000;

const atLeast = (ms: number, text: string) =>
	v.minValue<number, number, string>(ms, `expected ${text} at least`);

/** Of `createGateway`: how long jobs may take, and are kept. */
export const jobsSchema = v.pipe(
	v.strictObject({
		/** How long a job that is over, with its result, and an idempotency key can be asked for. */
		keep: v.optional(
			v.pipe(duration, atLeast(1_000, "a second"), v.maxValue(366 * DAY_MS)),
			"24h",
		),
		/** Time a job may take, waiting included, where its caller does not say. */
		timeout: v.optional(v.pipe(duration, atLeast(1, "1 ms")), "1h"),
		/** The most a caller may ask for. */
		maxTimeout: v.optional(
			// A longer one is more than a timer takes.
			v.pipe(duration, atLeast(1, "1 ms"), v.maxValue(24 * DAY_MS)),
			"24h",
		),
		/** How long a job waits for a node that is away, as all are when the gateway has just started. */
		waitForNode: v.optional(v.pipe(duration, v.minValue(0)), "30s"),
	}),
	v.forward(
		v.check(
			({ timeout, maxTimeout }) => timeout <= maxTimeout,
			"expected no more than maxTimeout",
		),
		["timeout"],
	),
);

/** The options of jobs, all filled in, ms. */
export type JobSettings = v.InferOutput<typeof jobsSchema>;

/** What holds where nothing else is said. */
export const DEFAULT_JOBS: JobSettings = v.parse(jobsSchema, {});
