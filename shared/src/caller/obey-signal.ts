/**
 * Cancels with a signal's reason when it aborts, at once if it has. The answer stops that, for signals outlive calls;
 * undefined if there is nothing to stop.
 */
export function obeySignal(
	signal: AbortSignal | undefined,
	cancel: (reason: unknown) => void,
): (() => void) | undefined {
	if (!signal) return undefined;
	if (signal.aborted) {
		cancel(signal.reason);
		return undefined;
	}
	const onAbort = () => {
		cancel(signal.reason);
	};
	signal.addEventListener("abort", onAbort);
	return () => {
		signal.removeEventListener("abort", onAbort);
	};
}
