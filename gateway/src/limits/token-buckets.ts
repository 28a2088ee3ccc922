import {
	type BucketRate,
	type Clock,
	TokenBucket,
} from "@easyremote/shared/time";
import { LRUCache } from "lru-cache";

/** How fast one address may do something. */
export interface BucketsOptions extends BucketRate {
	/** How many addresses are remembered; the one idle for longest is forgotten. Bounds memory under attack. */
	readonly maxKeys?: number;
	readonly clock: Clock;
}

/** A token bucket for each key (an IP address), full at first. */
export class TokenBuckets {
	readonly #options: BucketsOptions;
	readonly #buckets: LRUCache<string, TokenBucket>;

	constructor(options: BucketsOptions) {
		this.#options = options;
		this.#buckets = new LRUCache({ max: options.maxKeys ?? 10_000 });
	}

	/** Takes a token; false if there was none. */
	take(key: string): boolean {
		let bucket = this.#buckets.get(key);
		if (!bucket) {
			bucket = new TokenBucket(this.#options, this.#options.clock);
			this.#buckets.set(key, bucket);
		}
		return bucket.take();
	}

	/** How long until `take` succeeds again, ms; 0 is now. Takes nothing. */
	waitMs(key: string): number {
		return this.#buckets.get(key)?.waitMs() ?? 0;
	}
}
