import type { Context } from "hono";
import type { HttpEnv } from "./http-env.js";

/**
 * Calls `leave` if whoever sent a request goes away before it is answered in full. What a socket says is listened to
 * directly: an `AbortSignal` for every request costs several times as much (it serves requests made in process).
 */
export function whenCallerLeaves(
	context: Context<HttpEnv>,
	leave: () => void,
): void {
	// Hono leaves `env` out when there is no server.
	const env = context.env as HttpEnv["Bindings"] | undefined;
	const outgoing = env?.outgoing;
	if (!outgoing) {
		const { signal } = context.req.raw;
		if (signal.aborted) leave();
		else signal.addEventListener("abort", leave, { once: true });
	} else if (outgoing.destroyed) leave();
	else
		outgoing.on("close", () => {
			if (!outgoing.writableFinished) leave();
		});
}
