import { EasyRemoteError } from "@easyremote/shared/errors";

/** When whoever finds no place is asked to try again, ms. */
const RETRY_MS = 1_000;

/** The REST calls under way, no more than so many: what a gateway that closes waits for. */
export class RunningCalls {
	readonly #limit: number;
	#count = 0;
	#total = 0;
	#idle: (() => void)[] = [];

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Calls under way. */
	get count(): number {
		return this.#count;
	}

	/** Calls ever begun. */
	get total(): number {
		return this.#total;
	}

	/**
	 * Counts one more; the answer counts it as over. Calling that twice does nothing.
	 * Throws RESOURCE_EXHAUSTED with `retryAfterMs` where there are as many as there may be.
	 */
	enter(): () => void {
		if (this.#count >= this.#limit) throw tooMany(this.#limit);
		this.#count += 1;
		this.#total += 1;
		let over = false;
		return () => {
			if (over) return;
			over = true;
			this.#count -= 1;
			if (this.#count === 0) for (const wake of this.#idle.splice(0)) wake();
		};
	}

	/** Resolves when none is under way. */
	whenIdle(): Promise<void> {
		if (this.#count === 0) return Promise.resolve();
		return new Promise((resolve) => {
			this.#idle.push(resolve);
		});
	}
}

function tooMany(limit: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the gateway has ${limit} REST calls under way, which is all it takes`,
		{
			details: { reason: "too_many_calls", limit },
			hint: "Try again later, or raise limits.maxRunningCalls.",
			retryAfterMs: RETRY_MS,
		},
	);
}
