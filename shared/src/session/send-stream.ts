import { dropFirst } from "../async/drop-first.js";

/** Waiting bytes above which a sender is asked to pause, and below which it may go on. */
const HIGH_WATER = 1024 * 1024;
const LOW_WATER = HIGH_WATER / 2;

/** A piece of a stream, cut for one data frame. */
export interface Cut {
	readonly offset: number;
	readonly bytes: Uint8Array;
	readonly fin: boolean;
}

/**
 * The outgoing half of a call: bytes written, sent, acknowledged. What is not acknowledged is kept,
 * so that another path can take over from any offset the far end names. The end of the stream
 * counts as one byte past the last, so that it is acknowledged like the rest.
 */
export class SendStream {
	readonly #pieces: Uint8Array[] = [];
	/** Offset of the first byte of the first piece kept. */
	#base = 0;
	/** Piece and place in it where `#sent` stands. */
	#index = 0;
	#within = 0;
	#written = 0;
	#sent = 0;
	#furthest = 0;
	#acknowledged = 0;
	#limit: number;
	#ended = false;
	#finSent = false;
	#full = false;

	/** @param limit offset up to which the far end takes bytes before its first credit */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Furthest offset ever handed to a path. */
	get furthest(): number {
		return this.#furthest;
	}

	/** Bytes written, once there will be no more. */
	get total(): number | undefined {
		return this.#ended ? this.#written : undefined;
	}

	/** Bytes the far end has acknowledged, the end's extra one included. */
	get acknowledged(): number {
		return this.#acknowledged;
	}

	/** Whether less than the high-water mark waits. */
	get writable(): boolean {
		return !this.#full;
	}

	/** Whether the far end has everything, the end included. */
	get finished(): boolean {
		return this.#ended && this.#acknowledged > this.#written;
	}

	/** Whether a data frame could be cut now. */
	get sendable(): boolean {
		if (this.#sent < this.#written) return this.#sent < this.#limit;
		return this.#ended && !this.#finSent;
	}

	/** Appends bytes; they are not copied. */
	write(pieces: readonly Uint8Array[]): void {
		for (const piece of pieces) {
			this.#pieces.push(piece);
			this.#written += piece.length;
		}
		if (this.#written - this.#sent > HIGH_WATER) this.#full = true;
	}

	end(): void {
		this.#ended = true;
	}

	/** Takes a credit; returns whether it made the stream sendable. Older credits change nothing. */
	credit(limit: number): boolean {
		if (limit <= this.#limit) return false;
		const before = this.sendable;
		this.#limit = limit;
		return !before && this.sendable;
	}

	/** Cuts up to `maxBytes` for one frame, or nothing if credit or data are missing. */
	cut(maxBytes: number): Cut | undefined {
		if (!this.sendable) return undefined;
		const offset = this.#sent;
		const piece = this.#pieces[this.#index];
		let bytes: Uint8Array = NOTHING;
		if (piece && this.#sent < this.#written) {
			const room = Math.min(maxBytes, this.#limit - this.#sent);
			bytes =
				this.#within === 0 && piece.length <= room
					? piece
					: piece.subarray(this.#within, this.#within + room);
			this.#sent += bytes.length;
			this.#within += bytes.length;
			if (this.#within === piece.length) {
				this.#index += 1;
				this.#within = 0;
			}
		}
		const fin = this.#ended && this.#sent === this.#written;
		if (fin) this.#finSent = true;
		this.#furthest = Math.max(this.#furthest, this.#sent);
		return { offset, bytes, fin };
	}

	/** Whether the sender that was asked to pause may go on; says so once. */
	resumes(): boolean {
		if (!this.#full || this.#written - this.#sent > LOW_WATER) return false;
		this.#full = false;
		return true;
	}

	/** Forgets what the far end has; offsets that were never sent are refused (false). */
	acknowledge(offset: number): boolean {
		if (offset > this.#furthest + (this.#finSent ? 1 : 0)) return false;
		if (offset <= this.#acknowledged) return true;
		this.#acknowledged = offset;
		let dropped = 0;
		for (const piece of this.#pieces) {
			if (dropped >= this.#index || this.#base + piece.length > offset) break;
			this.#base += piece.length;
			dropped += 1;
		}
		this.#index -= dropped;
		dropFirst(this.#pieces, dropped);
		return true;
	}

	/** Goes back to what the far end has, to send the rest on another path. False if it names what was never sent. */
	rewind(offset: number): boolean {
		if (!this.acknowledge(offset)) return false;
		const from = Math.max(
			Math.min(offset, this.#written),
			Math.min(this.#acknowledged, this.#written),
		);
		this.#finSent = this.#acknowledged > this.#written;
		this.#sent = from;
		let start = this.#base;
		this.#index = 0;
		for (const piece of this.#pieces) {
			if (start + piece.length > from) break;
			start += piece.length;
			this.#index += 1;
		}
		this.#within = from - start;
		return true;
	}
}

const NOTHING = new Uint8Array(0);
