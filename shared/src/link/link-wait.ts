import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Clock } from "../time/clock.js";
import type { LinkStatus } from "./link-machine.js";

/** Bounds of a wait. `timeoutMs` needs a clock. */
export interface WaitBounds {
	readonly signal?: AbortSignal | undefined;
	readonly timeoutMs?: number | undefined;
	readonly clock?: Clock;
}

/** Waits for `promise`, but not beyond the signal (its reason) or the time (DEADLINE_EXCEEDED). */
export async function withDeadline<T>(
	promise: Promise<T>,
	{ signal, timeoutMs, clock }: WaitBounds,
): Promise<T> {
	signal?.throwIfAborted();
	const over = deferred<never>();
	const onAbort = (): void => over.reject(signal?.reason);
	signal?.addEventListener("abort", onAbort);
	const cancelTimer =
		timeoutMs === undefined
			? undefined
			: clock?.schedule(timeoutMs, () => over.reject(noAnswer(timeoutMs)));
	try {
		return await Promise.race([promise, over.promise]);
	} finally {
		cancelTimer?.();
		signal?.removeEventListener("abort", onAbort);
	}
}

/** Why nothing can be sent in that state. */
export function notOnline(status: LinkStatus): EasyRemoteError {
	if (status.phase === "closed")
		return (
			status.error ??
			new EasyRemoteError("UNAVAILABLE", "the link to the gateway was closed", {
				retryable: false,
			})
		);
	const why = status.phase === "waiting" ? `: ${status.error.message}` : "";
	return new EasyRemoteError(
		"UNAVAILABLE",
		`there is no connection to the gateway now${why}`,
		status.phase === "waiting" ? { cause: status.error } : {},
	);
}

function noAnswer(timeoutMs: number): EasyRemoteError {
	return new EasyRemoteError(
		"DEADLINE_EXCEEDED",
		`the gateway has not answered within ${timeoutMs} ms`,
		{ details: { phase: "connecting" } },
	);
}
