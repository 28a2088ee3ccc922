import type { CancelTimer, Clock } from "../time/clock.js";

/** Two missed answers and this much slack, ms, make a silent gateway a lost one. */
const SLACK_MS = 2_000;

/** Weight of the newest sample in the smoothed round trip (RFC 6298 §2). */
const SMOOTHING = 0.125;

export interface HeartbeatOptions {
	readonly clock: Clock;
	readonly intervalMs: number;
	/** Sends a heartbeat; answers its `messageId`. */
	readonly send: () => number;
	/** Nothing was heard for two intervals. Said once. */
	readonly silent: () => void;
}

/** Says regularly that this program is alive, measures the round trip, and notices when nobody answers. */
export class Heartbeat {
	readonly #options: HeartbeatOptions;
	readonly #sent = new Map<number, number>();
	#heardAtMs: number;
	#latencyMs: number | undefined;
	#intervalMs: number;
	#cancelBeat: CancelTimer = () => undefined;
	#cancelWatch: CancelTimer = () => undefined;
	#cancelProbe: CancelTimer = () => undefined;

	constructor(options: HeartbeatOptions) {
		this.#options = options;
		this.#intervalMs = options.intervalMs;
		this.#heardAtMs = options.clock.monotonic();
	}

	/** Smoothed round trip, ms, once measured. */
	get latencyMs(): number | undefined {
		return this.#latencyMs;
	}

	/** The first one goes out at once. */
	start(): void {
		this.#beat();
		this.#watch();
	}

	/** One at once; the next one interval later. */
	beatNow(): void {
		this.hurry(this.#intervalMs);
	}

	/** One at once, and from then on one every `intervalMs`. Patience with a silent far end stays as it is. */
	hurry(intervalMs: number): void {
		this.#intervalMs = intervalMs;
		this.#cancelBeat();
		this.#beat();
	}

	/** One at once; `silent` if nothing is heard within `patienceMs`. */
	probe(patienceMs: number, silent: () => void): void {
		this.hurry(this.#intervalMs);
		this.#cancelProbe();
		this.#cancelProbe = this.#options.clock.schedule(patienceMs, () => {
			this.stop();
			silent();
		});
	}

	/** Something arrived, so the far end lives. */
	heard(): void {
		this.#heardAtMs = this.#options.clock.monotonic();
		this.#cancelProbe();
	}

	/** The answer to the heartbeat `messageId` arrived; one we did not send is ignored. */
	answered(messageId: number | undefined): void {
		const sentAt =
			messageId === undefined ? undefined : this.#sent.get(messageId);
		if (messageId === undefined || sentAt === undefined) return;
		this.#sent.delete(messageId);
		const ms = this.#options.clock.monotonic() - sentAt;
		this.#latencyMs =
			this.#latencyMs === undefined
				? ms
				: this.#latencyMs * (1 - SMOOTHING) + ms * SMOOTHING;
	}

	stop(): void {
		this.#cancelBeat();
		this.#cancelWatch();
		this.#cancelProbe();
		this.#sent.clear();
	}

	#beat(): void {
		const { clock, send } = this.#options;
		this.#sent.set(send(), clock.monotonic());
		this.#cancelBeat = clock.schedule(this.#intervalMs, () => this.#beat());
	}

	#watch(): void {
		const { clock, intervalMs, silent } = this.#options;
		const patienceMs = 2 * intervalMs + SLACK_MS;
		const leftMs = this.#heardAtMs + patienceMs - clock.monotonic();
		if (leftMs <= 0) {
			this.stop();
			silent();
			return;
		}
		this.#cancelWatch = clock.schedule(leftMs, () => this.#watch());
	}
}
