/** Retries that may be made at once, after a quiet time. */
const RESERVE = 1_000;
/** What each call earns: retries are this share of all calls at most, once the reserve is spent. */
const PER_CALL = 0.2;

/**
 * Keeps retries a small share of all calls of one caller: where everything is refused, trying again makes it worse. A token
 * bucket, after the retry budgets of Finagle and "Site Reliability Engineering", chapter 21 (Google, 2016).
 */
export class RetryBudget {
	#left = RESERVE;

	/** A call begins. */
	earn(): void {
		this.#left = Math.min(RESERVE, this.#left + PER_CALL);
	}

	/** Takes one retry out of it; false if there is none left. */
	spend(): boolean {
		if (this.#left < 1) return false;
		this.#left -= 1;
		return true;
	}
}
