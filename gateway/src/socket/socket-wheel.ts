import type { CancelTimer, Clock } from "@easyremote/shared/time";

/** Into how many turns an interval is divided. */
const SLOTS = 15;

/** Somebody to ask for a sign of life once an interval. */
export interface Pinged {
	ping(): void;
}

export interface SocketWheelOptions {
	readonly clock: Clock;
	/** How often each socket is pinged, ms. */
	readonly intervalMs: number;
	/** Called on every turn, a fifteenth of the interval. */
	readonly tick: () => void;
}

/** Pings many sockets, some on each turn, so that a thousand of them are not pinged in one burst. One timer for all. */
export class SocketWheel {
	readonly #options: SocketWheelOptions;
	readonly #slots = Array.from({ length: SLOTS }, () => new Set<Pinged>());
	readonly #slotOf = new Map<Pinged, Set<Pinged>>();
	#turn = 0;
	#next = 0;
	#cancel: CancelTimer = () => undefined;

	constructor(options: SocketWheelOptions) {
		this.#options = options;
		this.#plan();
	}

	add(socket: Pinged): void {
		const slot = this.#slots[this.#next % SLOTS];
		this.#next += 1;
		if (!slot) return;
		slot.add(socket);
		this.#slotOf.set(socket, slot);
	}

	remove(socket: Pinged): void {
		this.#slotOf.get(socket)?.delete(socket);
		this.#slotOf.delete(socket);
	}

	stop(): void {
		this.#cancel();
	}

	#plan(): void {
		const { clock, intervalMs, tick } = this.#options;
		this.#cancel = clock.schedule(intervalMs / SLOTS, () => {
			this.#plan();
			this.#turn += 1;
			for (const socket of [...(this.#slots[this.#turn % SLOTS] ?? [])])
				socket.ping();
			tick();
		});
	}
}
