import { type Deferred, deferred } from "@easyremote/shared/async";
import type { Clock } from "@easyremote/shared/time";

interface Place {
	running: boolean;
	/** When it has rested, ms. */
	restedAt: number;
}

/**
 * The places in which calls run, and rest: a Worker cannot be slowed down, so that the share of time a donor gives is kept
 * by leaving the place of a call that ran for t empty for t × (1 − share) / share.
 */
export class DutyPlaces {
	readonly #clock: Clock;
	readonly #places: readonly Place[];
	#share: number;
	/** Settles when a place is left. */
	#left: Deferred<void> = deferred();

	/** @param share of the time that each place may be busy, 0.1–1 */
	constructor(count: number, share: number, clock: Clock) {
		this.#clock = clock;
		this.#share = share;
		this.#places = Array.from({ length: count }, () => ({
			running: false,
			restedAt: Number.NEGATIVE_INFINITY,
		}));
	}

	/** For rests that begin from now on. */
	set share(share: number) {
		this.#share = share;
	}

	/**
	 * Takes the place that has rested, or will have, first; while all are taken (a function may outlive its call for a
	 * moment), waits. The answer gives it back; calling it again does nothing. Rejects with the signal's reason.
	 */
	async take(signal: AbortSignal): Promise<() => void> {
		const place = await this.#enter(signal);
		try {
			await this.#until(place.restedAt, signal);
		} catch (error) {
			this.#leave(place);
			throw error;
		}
		const startedAt = this.#clock.monotonic();
		return () => {
			if (!place.running) return;
			const now = this.#clock.monotonic();
			const ranMs = now - startedAt;
			place.restedAt = now + (ranMs * (1 - this.#share)) / this.#share;
			this.#leave(place);
		};
	}

	async #enter(signal: AbortSignal): Promise<Place> {
		for (;;) {
			signal.throwIfAborted();
			const [place] = this.#places
				.filter(({ running }) => !running)
				.sort((a, b) => a.restedAt - b.restedAt);
			if (place) {
				place.running = true;
				return place;
			}
			await this.#left.promise;
		}
	}

	#leave(place: Place): void {
		place.running = false;
		this.#left.resolve();
		this.#left = deferred();
	}

	async #until(timeMs: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		const delayMs = timeMs - this.#clock.monotonic();
		if (delayMs <= 0) return;
		await new Promise<void>((resolve, reject) => {
			const stop = (): void => {
				cancel();
				reject(signal.reason as Error);
			};
			const cancel = this.#clock.schedule(delayMs, () => {
				signal.removeEventListener("abort", stop);
				resolve();
			});
			signal.addEventListener("abort", stop, { once: true });
		});
	}
}
