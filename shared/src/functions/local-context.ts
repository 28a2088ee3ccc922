import { systemClock } from "../time/system-clock.js";
import type { CallContext } from "./call-context.js";

/** The context of a call that never left its process: nobody listens, and only a timeout can abort it. */
export function localContext(timeoutMs: number | undefined): CallContext {
	const word = crypto.getRandomValues(new Uint32Array(2));
	return {
		id: `local-${Array.from(word, (part) => part.toString(36)).join("")}`,
		signal:
			timeoutMs === undefined
				? new AbortController().signal
				: AbortSignal.timeout(timeoutMs),
		deadline:
			timeoutMs === undefined ? undefined : systemClock.now() + timeoutMs,
		attempt: 1,
		caller: { id: "local", subject: "local" },
		traceparent: undefined,
		progress: ignore,
		log: ignore,
	};
}

function ignore(): void {
	// Nobody is there to hear it.
}
