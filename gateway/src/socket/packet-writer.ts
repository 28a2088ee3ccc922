import type { Clock } from "@easyremote/shared/time";
import type { Flushable, FlushQueue } from "./flush-queue.js";
import { SendBacklog } from "./send-backlog.js";

/** Packets together are sent as one message up to this size, bytes. */
const BATCH_BYTES = 64 * 1024;
/** From this size on packets gain nothing by being copied next to others, bytes. */
const LARGE_BYTES = 16 * 1024;
/** So much is handed to the socket at once, so that its progress shows and urgent messages need not wait long, bytes. */
const HANDED_BYTES = 512 * 1024;

/** How a message leaves. */
export interface WriterTransport {
	/** Sends one WebSocket message; `written` is called when the operating system has it (or the socket is gone). */
	send(message: Uint8Array, written: () => void): void;
}

/** How much may wait, bytes. */
export interface WriterMarks {
	/** Above this sources are asked to stop; below half of it they may go on. */
	readonly pauseAboveBytes: number;
	/** Above this the reader is given up. */
	readonly maxBufferedBytes: number;
}

export interface PacketWriterOptions {
	readonly transport: WriterTransport;
	readonly flushQueue: FlushQueue;
	readonly clock: Clock;
	readonly marks: WriterMarks;
	/** Waiting packets fell below the mark again. */
	readonly relieved: () => void;
	/** The reader is too slow to be served. Said once. */
	readonly hopeless: () => void;
}

/**
 * What one socket sends. Small packets that become ready in the same turn of the event loop share a
 * WebSocket message; while there is but one a turn, it leaves at once. What cannot leave waits here, and
 * the marks above say when that is too much.
 */
export class PacketWriter implements Flushable {
	readonly #options: PacketWriterOptions;
	readonly #backlog = new SendBacklog();
	/** Sizes of the messages handed over and not yet written, oldest first. */
	readonly #handed: number[] = [];
	#handedBytes = 0;
	#progressAtMs = 0;
	#congested = false;
	#hopeless = false;
	#closed = false;
	/** Packets in the present turn, and in the one before. */
	#turnPackets = 0;
	#lastTurnPackets = 0;

	constructor(options: PacketWriterOptions) {
		this.#options = options;
	}

	/** Whether sources should stop. */
	get congested(): boolean {
		return this.#congested;
	}

	/** Bytes not yet taken by the operating system. */
	get buffered(): number {
		return this.#backlog.bytes + this.#handedBytes;
	}

	/** For how long nothing has moved though something should, ms. */
	stalledMs(): number {
		return this.#handedBytes === 0
			? 0
			: this.#options.clock.monotonic() - this.#progressAtMs;
	}

	/** Sends whole packets after those before them. */
	write(packets: Uint8Array): void {
		if (this.#closed) return;
		this.#turnPackets += 1;
		const first = this.#turnPackets === 1;
		if (first) this.#options.flushQueue.add(this);
		// Nothing else was in flight the last time: there is nothing to wait for.
		const alone = first && this.#lastTurnPackets <= 1;
		if (alone && this.buffered === 0) {
			this.#hand(packets);
			this.#watch();
			return;
		}
		this.#backlog.push(packets);
		this.#watch();
		if (
			alone ||
			packets.length >= LARGE_BYTES ||
			this.#backlog.bytes >= BATCH_BYTES
		)
			this.#flush();
	}

	/** Sends a small packet before everything that still waits here. */
	writeUrgent(packet: Uint8Array): void {
		if (this.#closed) return;
		this.#backlog.unshift(packet);
		this.#watch();
		this.#flush();
	}

	flushTurn(): void {
		this.#lastTurnPackets = this.#turnPackets;
		this.#turnPackets = 0;
		this.#flush();
	}

	/** Hands over everything that waits, whatever its size: the socket closes behind it. */
	finish(): void {
		this.#flush(Number.POSITIVE_INFINITY);
		this.discard();
	}

	/** Drops what waits; nothing is sent any more. */
	discard(): void {
		this.#closed = true;
		this.#backlog.clear();
	}

	#flush(limit = HANDED_BYTES): void {
		while (this.#handedBytes < limit && !this.#closed) {
			const message = this.#backlog.take(BATCH_BYTES, LARGE_BYTES);
			if (!message) return;
			this.#hand(message);
		}
	}

	#hand(message: Uint8Array): void {
		if (this.#handedBytes === 0)
			this.#progressAtMs = this.#options.clock.monotonic();
		this.#handed.push(message.length);
		this.#handedBytes += message.length;
		this.#options.transport.send(message, this.#written);
	}

	readonly #written = (): void => {
		this.#handedBytes -= this.#handed.shift() ?? 0;
		if (this.#closed) return;
		this.#progressAtMs = this.#options.clock.monotonic();
		if (this.#backlog.bytes > 0 && this.#turnPackets === 0) this.#flush();
		const { marks } = this.#options;
		if (this.#congested && this.buffered < marks.pauseAboveBytes / 2) {
			this.#congested = false;
			this.#options.relieved();
		}
	};

	#watch(): void {
		const { pauseAboveBytes, maxBufferedBytes } = this.#options.marks;
		if (this.buffered > pauseAboveBytes) this.#congested = true;
		if (this.buffered <= maxBufferedBytes || this.#hopeless) return;
		this.#hopeless = true;
		this.#options.hopeless();
	}
}
