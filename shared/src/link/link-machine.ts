import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { reconnectDelay, type ReconnectBounds } from "./reconnect-delay.js";

/** A connection that lasted this long was a good one: the next wait starts small again, ms. */
const STABLE_AFTER_MS = 5_000;

/** Where the link stands. `failures` counts attempts since the last good connection. */
export type LinkStatus =
	| {
			readonly phase: "connecting";
			readonly failures: number;
			readonly restarting: boolean;
	  }
	| {
			readonly phase: "online";
			readonly failures: number;
			readonly sinceMs: number;
			/** When the gateway has announced to leave: how long to stay away, ms. */
			readonly retryAfterMs: number | undefined;
	  }
	| {
			readonly phase: "waiting";
			readonly failures: number;
			readonly restarting: boolean;
			readonly delayMs: number;
			readonly error: EasyRemoteError;
	  }
	| { readonly phase: "closed"; readonly error: EasyRemoteError | undefined };

/** Every reason for which the link changes its state. */
export type LinkWake =
	/** The gateway said `welcome`. */
	| { readonly kind: "welcomed" }
	/** The gateway announced that it leaves; it still serves. */
	| { readonly kind: "goaway"; readonly retryAfterMs: number }
	/** No connection came up, or it ended, or it was silent for too long. */
	| { readonly kind: "lost"; readonly error: EasyRemoteError }
	/** The gateway itself said no, for good. */
	| { readonly kind: "refused"; readonly error: EasyRemoteError }
	/** The wait is over. */
	| { readonly kind: "due" }
	/** The user closed the link. */
	| { readonly kind: "shutdown" };

/** What deciding needs besides the state. */
export interface LinkRules {
	readonly reconnect: ReconnectBounds;
	/** In [0, 1). */
	readonly random: () => number;
	readonly nowMs: number;
}

export const FIRST_STATUS: LinkStatus = {
	phase: "connecting",
	failures: 0,
	restarting: false,
};

/** The next state. A reason that means nothing in a state leaves it as it is (the same object). */
export function nextStatus(
	status: LinkStatus,
	wake: LinkWake,
	rules: LinkRules,
): LinkStatus {
	if (status.phase === "closed") return status;
	switch (wake.kind) {
		case "shutdown":
			return { phase: "closed", error: undefined };
		case "refused":
			return { phase: "closed", error: wake.error };
		case "welcomed":
			return status.phase === "connecting"
				? {
						phase: "online",
						failures: status.failures,
						sinceMs: rules.nowMs,
						retryAfterMs: undefined,
					}
				: status;
		case "goaway":
			return status.phase === "online"
				? { ...status, retryAfterMs: wake.retryAfterMs }
				: status;
		case "lost":
			return status.phase === "waiting"
				? status
				: waiting(status, wake.error, rules);
		case "due":
			return status.phase === "waiting"
				? {
						phase: "connecting",
						failures: status.failures,
						restarting: status.restarting,
					}
				: status;
		default:
			return wake satisfies never;
	}
}

function waiting(
	status: Extract<LinkStatus, { phase: "connecting" | "online" }>,
	error: EasyRemoteError,
	{ reconnect, random, nowMs }: LinkRules,
): LinkStatus {
	const stable =
		status.phase === "online" && nowMs - status.sinceMs >= STABLE_AFTER_MS;
	const failures = stable ? 0 : status.failures;
	const announced = status.phase === "online" ? status.retryAfterMs : undefined;
	const retryAfterMs = error.retryAfterMs ?? announced;
	return {
		phase: "waiting",
		failures: failures + 1,
		restarting:
			status.phase === "online" ? announced !== undefined : status.restarting,
		delayMs: reconnectDelay(failures, retryAfterMs, reconnect, random),
		error,
	};
}
