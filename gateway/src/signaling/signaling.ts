import { EasyRemoteError } from "@easyremote/shared/errors";
import type { ControlPayload } from "@easyremote/shared/protocol";
import {
	type BucketRate,
	type Clock,
	TokenBucket,
} from "@easyremote/shared/time";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { Traffic } from "../observe/traffic.js";
import type { RelayPort } from "../relay/relay-session.js";

export interface SignalingOptions {
	readonly traffic: Traffic;
	readonly clock: Clock;
	/** How many signals each side of a session may send. */
	readonly limits: Pick<GatewayLimits, "signalBurst" | "signalsPerSecond">;
}

/** Passes signals between the ends of sessions. Sizes are bounded by the message's schema. */
export class Signaling {
	readonly #traffic: Traffic;
	readonly #clock: Clock;
	readonly #rate: BucketRate;
	/** By the session's number on this socket. */
	readonly #buckets = new Map<number, TokenBucket>();

	/** One for each socket. */
	constructor({ traffic, clock, limits }: SignalingOptions) {
		this.#traffic = traffic;
		this.#clock = clock;
		this.#rate = {
			burst: limits.signalBurst,
			perSecond: limits.signalsPerSecond,
		};
	}

	/**
	 * Passes one signal on. One for a session that has just ended is dropped. Throws RESOURCE_EXHAUSTED when there
	 * are too many, PERMISSION_DENIED where the opener wants no direct path.
	 */
	pass(port: RelayPort, payload: ControlPayload<"signal">): void {
		const near = port.ends.get(payload.session);
		if (!near?.far) return;
		if (!near.owner.request.direct) throw notWanted();
		if (!this.#bucket(port, payload.session).take()) throw tooMany();
		this.#traffic.signals += 1;
		near.far.port.tell("signal", { ...payload, session: near.far.session });
	}

	#bucket(port: RelayPort, session: number): TokenBucket {
		let bucket = this.#buckets.get(session);
		if (bucket) return bucket;
		// Sessions come and go on a lasting socket.
		for (const known of this.#buckets.keys())
			if (!port.ends.has(known)) this.#buckets.delete(known);
		bucket = new TokenBucket(this.#rate, this.#clock);
		this.#buckets.set(session, bucket);
		return bucket;
	}
}

function notWanted(): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		"the session was opened without a direct path",
		{
			hint: "Open it again with direct: true.",
		},
	);
}

function tooMany(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"too many signals on one session",
		{ retryAfterMs: 1_000 },
	);
}
