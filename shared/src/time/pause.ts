import type { Clock } from "./clock.js";

/** Resolves after `ms`, or as soon as `signal` has fired where there is one. */
export function pause(
	clock: Clock,
	ms: number,
	signal?: AbortSignal,
): Promise<void> {
	if (signal?.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const over = (): void => {
			cancel();
			signal?.removeEventListener("abort", over);
			resolve();
		};
		const cancel = clock.schedule(ms, over);
		signal?.addEventListener("abort", over);
	});
}
