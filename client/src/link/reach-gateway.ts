import { deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Link } from "@easyremote/shared/link";
import { PROTOCOL } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";

/** How long the very first connection may take before a call gives up on it, ms. */
const FIRST_PATIENCE_MS = 10_000;

/** `details.reason` of the error that says so. */
const GATEWAY_UNREACHABLE = "gateway_unreachable";

/**
 * Resolves once the link is online. A first attempt that fails is reported at once; a connection that was
 * lost gets the time in which calls wait for their path. Rejects with UNAVAILABLE, with the gateway's final
 * refusal (UNAUTHENTICATED, …), or with `signal`'s reason.
 */
export async function reachGateway(
	link: Link,
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	signal.throwIfAborted();
	if (link.state === "online") return;
	const first = link.welcome === undefined;
	const patienceMs = first
		? FIRST_PATIENCE_MS
		: link.restarting
			? PROTOCOL.restartReattachTimeoutMs
			: PROTOCOL.reattachTimeoutMs;
	const givenUp = deferred<never>();
	const stop = link.listen({
		state: (state, error) => {
			if (state === "waiting" && first) givenUp.reject(unreachable(error));
		},
	});
	const cancelTimer = clock.schedule(patienceMs, () =>
		givenUp.reject(unreachable(undefined)),
	);
	try {
		await Promise.race([link.whenOnline(signal), givenUp.promise]);
	} finally {
		stop();
		cancelTimer();
	}
}

function unreachable(cause: Error | undefined): EasyRemoteError {
	const details = cause instanceof EasyRemoteError ? (cause.details ?? {}) : {};
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the gateway is out of reach${cause ? `: ${cause.message}` : ""}`,
		{
			cause,
			details: { ...details, reason: GATEWAY_UNREACHABLE },
			hint: "check its address, and that it runs and may be reached from here",
		},
	);
}
