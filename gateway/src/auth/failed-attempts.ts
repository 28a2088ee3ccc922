import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import { TokenBuckets } from "../limits/token-buckets.js";
import { networkOf } from "./network-of.js";

/** Bad credentials that one network may offer at once, and in the long run a second. */
const FAILURES = { burst: 20, perSecond: 1 };

/** Keeps those who offer bad credentials from doing so at speed. Good ones from the same address go on working. */
export class FailedAttempts {
	readonly #buckets: TokenBuckets;
	readonly #log: Logger;

	constructor({ clock, log }: { readonly clock: Clock; readonly log: Logger }) {
		this.#buckets = new TokenBuckets({ ...FAILURES, clock });
		this.#log = log;
	}

	/** One more from that address. Answers what to tell it; `reason` is for the log, and no part of the credential. */
	refuse(address: string, reason: string): EasyRemoteError {
		const network = networkOf(address);
		if (!this.#buckets.take(network)) {
			return new EasyRemoteError(
				"RESOURCE_EXHAUSTED",
				"too many bad credentials from this address",
				{ retryAfterMs: this.#buckets.waitMs(network) },
			);
		}
		this.#log.warn({ address, reason }, "a credential was refused");
		return new EasyRemoteError(
			"UNAUTHENTICATED",
			"the credential is not valid: unknown, expired or revoked",
			{
				hint: "Check the key, or create a new one: easyremote-gateway key create.",
			},
		);
	}
}
