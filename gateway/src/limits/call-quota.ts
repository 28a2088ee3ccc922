import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallerIdentity } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import { ANONYMOUS_ID, type Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import { TokenBuckets } from "./token-buckets.js";

type CallLimit = Pick<GatewayLimits, "callsPerMinute">;

/**
 * What nodes are told to hold a client to, whose calls pass the gateway by unread or do not pass it at all.
 * Everybody without a credential is the same principal, so each of their connections counts for itself.
 */
export function callQuota(
	{ callsPerMinute }: CallLimit,
	principal: Principal,
	connectionId: string,
): CallerIdentity["quota"] {
	if (callsPerMinute === undefined) return undefined;
	const key = principal.id === ANONYMOUS_ID ? connectionId : principal.id;
	return { key, callsPerMinute };
}

/** Counts REST calls by principal, and those without a credential by address. */
export class CallRates {
	readonly #callsPerMinute: number | undefined;
	readonly #buckets: TokenBuckets;

	constructor({ callsPerMinute }: CallLimit, clock: Clock) {
		this.#callsPerMinute = callsPerMinute;
		const burst = callsPerMinute ?? 1;
		this.#buckets = new TokenBuckets({ burst, perSecond: burst / 60, clock });
	}

	/** Counts one call. Throws RESOURCE_EXHAUSTED with `retryAfterMs` if that is one too many. */
	take({ id }: Principal, address: string): void {
		if (this.#callsPerMinute === undefined) return;
		const key = id === ANONYMOUS_ID ? `${id} ${address}` : id;
		if (this.#buckets.take(key)) return;
		throw new EasyRemoteError(
			"RESOURCE_EXHAUSTED",
			`more than ${this.#callsPerMinute} calls a minute`,
			{
				details: {
					reason: "rate_limit",
					callsPerMinute: this.#callsPerMinute,
				},
				hint: "Wait, or raise limits.callsPerMinute.",
				retryAfterMs: this.#buckets.waitMs(key),
			},
		);
	}
}
