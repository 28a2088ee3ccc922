import { PROTOCOL } from "../protocol/constants.js";

/** Buckets to a doubling: a quantile is off by at most 4.5 %. */
const PER_OCTAVE = 8;
/** Where the first bucket begins: 2⁻⁷ ms, about 8 µs. */
const FIRST_OCTAVE = -7;

/** The bucket a duration falls into; what is shorter or longer than any falls into the first or the last. */
function bucketOf(ms: number): number {
	const bucket = Math.floor((Math.log2(ms) - FIRST_OCTAVE) * PER_OCTAVE);
	return Math.min(Math.max(bucket, 0), PROTOCOL.latencyBuckets - 1);
}

/** The duration in the middle of a bucket, on the scale the buckets are equal on, ms. */
function middleOf(bucket: number): number {
	return 2 ** ((bucket + 0.5) / PER_OCTAVE + FIRST_OCTAVE);
}

/**
 * How long things took, in buckets of fixed bounds that grow by the same factor (as HdrHistogram and OpenTelemetry's
 * exponential histograms have them). Fixed, so that the histograms of many nodes are merged by adding numbers; libraries
 * that do this bring a wire format and WebAssembly which a browser tab need not load for some seventy lines.
 */
export class LatencyHistogram {
	readonly #counts = new Float64Array(PROTOCOL.latencyBuckets);
	#count = 0;
	#sumMs = 0;

	/** How many durations were added. */
	get count(): number {
		return this.#count;
	}

	/** All durations together, ms. */
	get sumMs(): number {
		return this.#sumMs;
	}

	add(ms: number): void {
		const bucket = bucketOf(ms);
		this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
		this.#count += 1;
		this.#sumMs += ms;
	}

	/** Adds what another one holds, as its `pairs`. Buckets that do not exist are left out. */
	addPairs(pairs: readonly number[], sumMs: number): void {
		for (let index = 0; index + 1 < pairs.length; index += 2) {
			const bucket = pairs[index] ?? 0;
			const known = this.#counts[bucket];
			if (known === undefined) continue;
			const times = pairs[index + 1] ?? 0;
			this.#counts[bucket] = known + times;
			this.#count += times;
		}
		this.#sumMs += sumMs;
	}

	/** Bucket, count, bucket, count …, without empty buckets. */
	pairs(): number[] {
		const pairs: number[] = [];
		this.#counts.forEach((times, bucket) => {
			if (times > 0) pairs.push(bucket, times);
		});
		return pairs;
	}

	/** How many were shorter than 2^`octave` ms: exact, since buckets begin there. */
	shorterThan(octave: number): number {
		const end = (octave - FIRST_OCTAVE) * PER_OCTAVE;
		let times = 0;
		for (let bucket = 0; bucket < end; bucket += 1)
			times += this.#counts[bucket] ?? 0;
		return times;
	}

	/** The duration that the share `q` (0–1) of them did not exceed, ms; undefined if there are none. */
	quantile(q: number): number | undefined {
		if (this.#count === 0) return undefined;
		const rank = Math.max(Math.ceil(q * this.#count), 1);
		let seen = 0;
		for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
			seen += this.#counts[bucket] ?? 0;
			if (seen >= rank) return middleOf(bucket);
		}
		return middleOf(this.#counts.length - 1);
	}
}
