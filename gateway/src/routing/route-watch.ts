import type { RouteQuery } from "@easyremote/shared/protocol";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { ProviderAnswer } from "../registry/registry.js";

/** A change soon after another is told together with those that follow it within this time, ms. */
const GATHER_MS = 50;
/** Changes of load alone are told this often at most, ms. */
const LOAD_INTERVAL_MS = 1_000;

export interface RouteWatchOptions {
	readonly query: RouteQuery;
	readonly clock: Clock;
	readonly ask: () => Promise<ProviderAnswer>;
	readonly tell: (answer: ProviderAnswer) => void;
	/** The registry did not answer. */
	readonly failed: (error: unknown) => void;
	readonly onClose: () => void;
}

/** One query somebody wants to be kept up to date about. */
export class RouteWatch {
	readonly query: RouteQuery;
	readonly #options: RouteWatchOptions;
	#told: ProviderAnswer | undefined;
	#toldAtMs = Number.NEGATIVE_INFINITY;
	/** The question under way. */
	#asking: Promise<void> | undefined;
	/** Something changed while the registry was being asked. */
	#again = false;
	#closed = false;
	#cancelTimer: CancelTimer | undefined;

	constructor(options: RouteWatchOptions) {
		this.query = options.query;
		this.#options = options;
	}

	/** Asks for the first answer. */
	start(): void {
		void this.#refresh();
	}

	/**
	 * Something that may concern the answer has changed.
	 *
	 * @param urgent whether nothing may be gathered with it: what was taken back must not be called any more
	 */
	touch(urgent = false): void {
		// Whoever was told that there is nobody should not have to wait any longer than needed.
		const gatherMs = urgent || this.#told?.error ? 0 : GATHER_MS;
		const waitMs = this.#toldAtMs + gatherMs - this.#options.clock.monotonic();
		if (this.#asking) this.#again = true;
		else if (waitMs > 0) this.#plan(waitMs);
		else if (!this.#closed) void this.#refresh();
	}

	/** Tells the answer as of now, changed or not, and resolves then. */
	async renew(): Promise<void> {
		// One under way may have been asked too early.
		await this.#asking;
		this.#told = undefined;
		await (this.#asking ?? this.#refresh());
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#cancelTimer?.();
		this.#options.onClose();
	}

	#plan(delayMs: number): void {
		if (this.#closed || this.#cancelTimer) return;
		this.#cancelTimer = this.#options.clock.schedule(delayMs, () => {
			this.#cancelTimer = undefined;
			void this.#refresh();
		});
	}

	#refresh(): Promise<void> {
		this.#asking = this.#ask().then(() => {
			this.#asking = undefined;
			if (this.#again) this.#plan(GATHER_MS);
			this.#again = false;
		});
		return this.#asking;
	}

	async #ask(): Promise<void> {
		try {
			const answer = await this.#options.ask();
			if (!this.#closed) this.#compare(answer);
		} catch (error) {
			if (!this.#closed) this.#options.failed(error);
		}
	}

	#compare(answer: ProviderAnswer): void {
		const sameNodes = answer.version === this.#told?.version;
		if (sameNodes && answer.loadVersion === this.#told?.loadVersion) return;
		const now = this.#options.clock.monotonic();
		const waitMs = this.#toldAtMs + LOAD_INTERVAL_MS - now;
		if (sameNodes && waitMs > 0) {
			this.#plan(waitMs);
			return;
		}
		this.#told = answer;
		this.#toldAtMs = now;
		this.#options.tell(answer);
	}
}
