import type { CallOutcome, CallTotals } from "../protocol/node-stats.js";
import { LatencyHistogram } from "./latency-histogram.js";

/** What is counted of a call that is over. */
export interface TalliedCall {
	readonly outcome: CallOutcome;
	/** From its arrival to its end, ms. */
	readonly ms: number;
	/** Bytes of its arguments, and of its answers. */
	readonly bytesIn: number;
	readonly bytesOut: number;
	/** What a cache did for it, if the function has one. */
	readonly cache: "hit" | "miss" | undefined;
}

/** Counts calls. Of fixed size, however many there are. */
export class CallTally {
	readonly latency = new LatencyHistogram();
	readonly #outcomes = new Map<CallOutcome, number>();
	bytesIn = 0;
	bytesOut = 0;
	cacheHits = 0;
	cacheMisses = 0;

	/** Calls by how they ended. */
	get outcomes(): ReadonlyMap<CallOutcome, number> {
		return this.#outcomes;
	}

	get calls(): number {
		let calls = 0;
		for (const times of this.#outcomes.values()) calls += times;
		return calls;
	}

	/** Calls that ended with an error. */
	get errors(): number {
		return this.calls - (this.#outcomes.get("OK") ?? 0);
	}

	add({ outcome, ms, bytesIn, bytesOut, cache }: TalliedCall): void {
		this.#count(outcome, 1);
		this.latency.add(ms);
		this.bytesIn += bytesIn;
		this.bytesOut += bytesOut;
		if (cache === "hit") this.cacheHits += 1;
		else if (cache === "miss") this.cacheMisses += 1;
	}

	/** Adds what somebody else has counted. */
	addTotals(totals: CallTotals): void {
		for (const [outcome, times] of Object.entries(totals.outcomes))
			this.#count(outcome as CallOutcome, times);
		this.latency.addPairs(totals.latency, totals.sumMs);
		this.bytesIn += totals.bytesIn;
		this.bytesOut += totals.bytesOut;
		this.cacheHits += totals.cacheHits;
		this.cacheMisses += totals.cacheMisses;
	}

	/** All of it as plain data. */
	totals(): CallTotals {
		return {
			outcomes: Object.fromEntries(this.#outcomes),
			latency: this.latency.pairs(),
			sumMs: this.latency.sumMs,
			bytesIn: this.bytesIn,
			bytesOut: this.bytesOut,
			cacheHits: this.cacheHits,
			cacheMisses: this.cacheMisses,
		};
	}

	#count(outcome: CallOutcome, times: number): void {
		if (times > 0)
			this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + times);
	}
}
