/**
 * Cancels with a signal's reason when it aborts, at once if it has. The answer stops that, for signals outlive calls;
 * undefined if there is nothing to stop.
 */
export function obeySignal(
	signal: AbortSignal | undefined,
	cancel: Cancel,
): (() => void) | undefined {
	if (!signal) return undefined;
	if (signal.aborted) {
		cancel(signal.reason);
		return undefined;
	}
	let audience = audiences.get(signal);
	if (!audience) {
		audience = new Audience(signal);
		audiences.set(signal, audience);
	}
	return audience.join(cancel);
}

type Cancel = (reason: unknown) => void;

/** The calls that obey one signal, by one listener: of more than ten Node.js would warn as of a leak. */
class Audience {
	readonly #signal: AbortSignal;
	readonly #calls = new Set<Cancel>();
	readonly #onAbort = () => {
		for (const cancel of this.#calls) cancel(this.#signal.reason);
	};

	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	join(cancel: Cancel): () => void {
		if (this.#calls.size === 0)
			this.#signal.addEventListener("abort", this.#onAbort);
		this.#calls.add(cancel);
		return () => {
			if (this.#calls.delete(cancel) && this.#calls.size === 0)
				this.#signal.removeEventListener("abort", this.#onAbort);
		};
	}
}

const audiences = new WeakMap<AbortSignal, Audience>();
