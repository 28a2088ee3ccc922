import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Channel, ChannelEvents } from "./channel.js";
import { Delivery } from "./delivery.js";
import { checkMessageSize } from "./message-size.js";

/** Limits of a memory pair and, with a clock, the link that it simulates. */
export interface MemoryChannelOptions {
	/** Largest message, bytes (256 KiB). */
	readonly maxMessageBytes?: number;
	/** Waiting bytes from which a side is not writable (1 MiB). */
	readonly highWaterBytes?: number;
	/** Needed for a simulated link; without one, delivery takes a microtask. */
	readonly clock?: Clock;
	/** Time that a message is under way, ms (0). */
	readonly latencyMs?: number;
	/** What the simulated line carries in each direction, bytes per ms (without limit). */
	readonly bytesPerMs?: number;
}

const DEFAULT_HIGH_WATER_BYTES = 1024 * 1024;

/**
 * Two ends joined within one program: for tests, and for a gateway's own client.
 *
 * @example
 * const [a, b] = memoryChannelPair();
 * const [slow, far] = memoryChannelPair({ clock, latencyMs: 40, bytesPerMs: 2_500 });
 */
export function memoryChannelPair(
	options: MemoryChannelOptions = {},
): readonly [Channel, Channel] {
	const a = new MemoryChannel(options);
	const b = new MemoryChannel(options);
	a.join(b);
	b.join(a);
	return [a, b];
}

/** On its way to the far end; without a message it is the end. */
interface UnderWay {
	readonly message: Uint8Array | undefined;
	readonly error: EasyRemoteError | undefined;
	/** When its last byte leaves, and when that arrives, by the clock. */
	readonly leavesAt: number;
	readonly arrivesAt: number;
	left: boolean;
}

class MemoryChannel implements Channel {
	readonly maxMessageBytes: number;
	readonly copiesFrom = Number.POSITIVE_INFINITY;
	readonly #highWater: number;
	readonly #clock: Clock | undefined;
	readonly #latency: number;
	readonly #rate: number;
	readonly #delivery = new Delivery();
	#underWay: UnderWay[] = [];
	#far: MemoryChannel | undefined;
	#waitingBytes = 0;
	#lineFreeAt = 0;
	#blocked = false;
	#pumping = false;
	#cancelTimer: CancelTimer | undefined;

	constructor(options: MemoryChannelOptions) {
		this.maxMessageBytes =
			options.maxMessageBytes ?? PROTOCOL.relayMessageBytes;
		this.#highWater = options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES;
		this.#clock = options.clock;
		this.#latency = options.latencyMs ?? 0;
		this.#rate = options.bytesPerMs ?? Number.POSITIVE_INFINITY;
	}

	join(far: MemoryChannel): void {
		this.#far = far;
	}

	arrive(message: Uint8Array): void {
		this.#delivery.message(message);
	}

	end(error: EasyRemoteError | undefined): void {
		this.#delivery.finish(error);
	}

	get writable(): boolean {
		return this.#delivery.open && !this.#blocked;
	}

	start(events: ChannelEvents): void {
		this.#delivery.start(events);
	}

	send(message: Uint8Array): void {
		if (!this.#delivery.open) return;
		checkMessageSize(message, this.maxMessageBytes);
		this.#waitingBytes += message.length;
		if (this.#waitingBytes >= this.#highWater) this.#blocked = true;
		this.#put(message, undefined);
	}

	close(error?: EasyRemoteError): void {
		if (!this.#delivery.open) return;
		this.#delivery.abandon(error);
		this.#put(undefined, error);
	}

	#put(message: Uint8Array | undefined, error: EasyRemoteError | undefined) {
		const now = this.#clock?.monotonic() ?? 0;
		const leavesAt =
			Math.max(now, this.#lineFreeAt) + (message?.length ?? 0) / this.#rate;
		this.#lineFreeAt = leavesAt;
		const arrivesAt = leavesAt + this.#latency;
		this.#underWay.push({ message, error, leavesAt, arrivesAt, left: false });
		this.#plan();
	}

	#plan(): void {
		if (this.#pumping || this.#cancelTimer) return;
		const next = this.#underWay.find((item) => !item.left) ?? this.#underWay[0];
		if (!next) return;
		if (!this.#clock) {
			this.#pumping = true;
			queueMicrotask(() => this.#pump());
			return;
		}
		const first = this.#underWay[0]?.arrivesAt ?? 0;
		const due = Math.min(first, next.left ? first : next.leavesAt);
		this.#cancelTimer = this.#clock.schedule(
			Math.max(due - this.#clock.monotonic(), 0),
			() => {
				this.#cancelTimer = undefined;
				this.#pumping = true;
				this.#pump();
			},
		);
	}

	#pump(): void {
		const now = this.#clock?.monotonic() ?? 0;
		for (const item of this.#underWay) {
			if (item.leavesAt > now) break;
			if (!item.left) this.#waitingBytes -= item.message?.length ?? 0;
			item.left = true;
		}
		const arrived = this.#underWay.findIndex((item) => item.arrivesAt > now);
		const due = this.#underWay.splice(
			0,
			arrived === -1 ? this.#underWay.length : arrived,
		);
		for (const { message, error } of due) {
			if (message) this.#far?.arrive(message);
			else this.#far?.end(error);
		}
		this.#pumping = false;
		if (this.#blocked && this.#waitingBytes < this.#highWater) {
			this.#blocked = false;
			this.#delivery.drained();
		}
		this.#plan();
	}
}
