import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { mayRetry } from "../errors/error-wire.js";
import type { Provider } from "../protocol/provider.js";
import type { CallTarget } from "./call-request.js";
import { offeredBy } from "./reference.js";
import type { RetryBudget } from "./retry-budget.js";

/** The first pause between attempts at the same node is up to this long, ms; it doubles from there. */
const BACKOFF_BASE_MS = 100;
/** No pause is longer than this unless the refusing side asks for it, ms. */
const BACKOFF_LIMIT_MS = 2_000;

/** What is known of a failed attempt. */
export interface FailedAttempt {
	readonly error: EasyRemoteError;
	/** Attempts made, this one included. */
	readonly attempts: number;
	/** Most attempts to make after the first. */
	readonly retries: number;
	/** Whether the function may have begun to run: false only where that is ruled out. */
	readonly mayHaveStarted: boolean;
	/** Whether running it twice does no harm. */
	readonly idempotent: boolean;
	/** Whether a provider is left that has not failed this call. */
	readonly otherProvider: boolean;
}

/**
 * How long to wait before the next attempt, ms, or undefined to give up.
 * Calls are at most once: what may have started runs again only if the function is idempotent.
 * Full jitter, after "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).
 *
 * @param random a number in [0, 1)
 */
export function retryDelay(
	failed: FailedAttempt,
	random: () => number,
): number | undefined {
	if (failed.attempts > failed.retries || !worthTrying(failed))
		return undefined;
	// Another node knows nothing of this one's trouble: the first move to it is free.
	if (failed.otherProvider && failed.attempts === 1) return 0;
	const ceiling = Math.min(
		BACKOFF_LIMIT_MS,
		BACKOFF_BASE_MS * 2 ** (failed.attempts - 1),
	);
	const asked = failed.otherProvider ? 0 : (failed.error.retryAfterMs ?? 0);
	return asked + random() * ceiling;
}

function worthTrying({
	error,
	mayHaveStarted,
	idempotent,
	otherProvider,
}: FailedAttempt): boolean {
	// A payload too large now is too large later, and the time for the whole call is up.
	if (error.httpStatus === 413 || error.code === "DEADLINE_EXCEEDED")
		return false;
	if (mayHaveStarted && !idempotent) return false;
	// A node that has just left is not found any more, while others still offer the function.
	if (error.code === "NOT_FOUND") return !mayHaveStarted && otherProvider;
	return mayRetry(error, idempotent);
}

/** How one call fared so far: which nodes failed it, and whether it is tried again. */
export class RetryLog {
	readonly #budget: RetryBudget;
	readonly #failed = new Set<string>();
	#attempts = 0;

	constructor(budget: RetryBudget) {
		this.#budget = budget;
	}

	/** Nodes that failed the call: others come first. */
	get failed(): ReadonlySet<string> {
		return this.#failed;
	}

	/** Notes a failure at a node (undefined where none was found) and answers as `retryDelay`. */
	next(
		failure: Pick<FailedAttempt, "error" | "retries" | "mayHaveStarted"> & {
			readonly failedAt: Provider | undefined;
			readonly providers: readonly Provider[];
			readonly target: CallTarget;
		},
		random: () => number,
	): number | undefined {
		const { failedAt, providers, target } = failure;
		this.#attempts += 1;
		if (failedAt) this.#failed.add(failedAt.nodeId);
		const descriptor = failedAt && offeredBy(failedAt, target);
		const delayMs = retryDelay(
			{
				...failure,
				attempts: this.#attempts,
				idempotent: descriptor?.idempotent ?? false,
				otherProvider: providers.some(
					(provider) => !this.#failed.has(provider.nodeId),
				),
			},
			random,
		);
		return delayMs === undefined || this.#budget.spend() ? delayMs : undefined;
	}
}
