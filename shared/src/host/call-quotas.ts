import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { Clock } from "../time/clock.js";
import { TokenBucket } from "../time/token-bucket.js";

/** Callers that are remembered; the one not heard of for longest is forgotten. Bounds memory under attack. */
const MAX_CALLERS = 10_000;

interface Quota {
	readonly callsPerMinute: number;
	readonly bucket: TokenBucket;
}

/**
 * How many calls each caller may still make here. The gateway says how many in all (`limits.callsPerMinute`), but calls
 * pass it by unread, or do not pass it at all: only the node can count them, whichever path they take.
 */
export class CallQuotas {
	readonly #clock: Clock;
	/** By `quota.key`, the longest unused first. */
	readonly #quotas = new Map<string, Quota>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Counts a call. Throws RESOURCE_EXHAUSTED with `retryAfterMs` if the caller has no more left for now. */
	take({ quota }: CallerIdentity): void {
		if (!quota) return;
		const { bucket } = this.#find(quota);
		if (bucket.take()) return;
		throw new EasyRemoteError(
			"RESOURCE_EXHAUSTED",
			`more than ${quota.callsPerMinute} calls a minute`,
			{
				details: { reason: "rate_limit", callsPerMinute: quota.callsPerMinute },
				hint: "Wait, or ask for a higher limits.callsPerMinute at the gateway.",
				retryAfterMs: bucket.waitMs(),
			},
		);
	}

	#find({ key, callsPerMinute }: NonNullable<CallerIdentity["quota"]>): Quota {
		const known = this.#quotas.get(key);
		const same = known?.callsPerMinute === callsPerMinute;
		const rate = { burst: callsPerMinute, perSecond: callsPerMinute / 60 };
		const quota = same
			? known
			: { callsPerMinute, bucket: new TokenBucket(rate, this.#clock) };
		this.#quotas.delete(key);
		this.#quotas.set(key, quota);
		const [oldest] = this.#quotas.keys();
		if (this.#quotas.size > MAX_CALLERS && oldest !== undefined)
			this.#quotas.delete(oldest);
		return quota;
	}
}
