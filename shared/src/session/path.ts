import { dropFirst } from "../async/drop-first.js";
import { Line } from "../async/line.js";
import { turnEnd } from "../async/turn-end.js";
import type { Channel } from "../channel/channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { PACKET_HEADER_BYTES } from "../protocol/packet.js";
import type { Clock } from "../time/clock.js";
import type { PathInfo, PathKind } from "./call-end.js";
import {
	encodeFrames,
	FLAG_FIN,
	FRAME,
	FRAME_HEADER_BYTES,
	type FrameType,
	forEachFrame,
	type IncomingFrame,
	type OutgoingFrame,
} from "./frame.js";
import { Liveness } from "./liveness.js";
import { PathWindow } from "./path-window.js";
import { Receipts } from "./receipts.js";
import type { PathDetails } from "./session-types.js";
import type { SendStream } from "./send-stream.js";

/** A call as its path sees it. */
export interface PathUser {
	readonly number: number;
	readonly out: SendStream;
	/** Its ticket in the line of those with data to send, kept by its path. */
	ticket: number | undefined;
	/** A data frame was handed to the path. */
	sent(): void;
	/** The far end has everything up to `position`. */
	acknowledged(position: number): void;
}

export interface PathEvents {
	/** A frame that concerns calls or the session: data, credit, cancel, attach, attached, close. */
	frame(path: Path, frame: IncomingFrame): void;
	/** The path is gone; nothing follows. */
	lost(path: Path, error: EasyRemoteError | undefined): void;
}

/** A data frame the far end has not acknowledged. */
interface InFlight {
	readonly user: PathUser;
	readonly position: number;
	/** Bytes sent on this path up to and with this frame. */
	readonly total: number;
	/** Bytes that had been acknowledged when it was sent. */
	readonly ackedBefore: number;
	readonly sentAtMs: number;
	readonly limited: boolean;
}

/**
 * One way to the far end: packs frames into channel messages, keeps what is on its way within a
 * window, serves calls in turn (a frame each), acknowledges, and notices when the way is dead.
 */
export class Path implements PathInfo {
	readonly kind: PathKind;
	readonly candidate: string | undefined;
	readonly #channel: Channel;
	readonly #clock: Clock;
	readonly #events: PathEvents;
	readonly #window: PathWindow;
	/** As `PathDetails.roomBytes`. */
	readonly #roomBytes: number;
	readonly #waiting = new Line<PathUser>();
	readonly #inFlight: InFlight[] = [];
	#frames: OutgoingFrame[] = [];
	#framesBytes = 0;
	#scratch = new Uint8Array(0);
	#flushPlanned = false;
	#sentBytes = 0;
	#ackedBytes = 0;
	readonly #receipts: Receipts;
	readonly #liveness: Liveness;
	#lost = false;

	constructor(
		kind: PathKind,
		channel: Channel,
		options: {
			readonly clock: Clock;
			readonly events: PathEvents;
			readonly details: PathDetails;
		},
	) {
		this.kind = kind;
		this.#window = new PathWindow(kind);
		this.candidate = options.details.candidate;
		this.#roomBytes = options.details.roomBytes ?? 0;
		this.#channel = channel;
		this.#clock = options.clock;
		this.#events = options.events;
		this.#receipts = new Receipts(options.clock, (received, waitedUs) => {
			this.control(FRAME.ack, waitedUs, received);
		});
		this.#liveness = new Liveness(this.#clock, {
			ping: (number) => {
				this.control(FRAME.ping, this.#roomBytes, number);
			},
			measured: (rttMs) => {
				this.#window.measured(rttMs);
			},
			dead: (error) => {
				this.close(error);
			},
		});
	}

	get rttMs(): number | undefined {
		return this.#window.rttMs;
	}

	/** Begins delivery. Apart from the constructor so that the owner knows the path before its first frame. */
	start(): void {
		this.#channel.start({
			message: (bytes) => {
				this.#receive(bytes);
			},
			drained: () => {
				this.#flush();
			},
			closed: (error) => {
				this.#end(error);
			},
		});
		// The first round trip, with no data in the way, is what later ones are compared with.
		this.#liveness.ping();
		// The gateway link watches over the relay; a direct path has nobody else.
		if (this.kind === "direct") this.#liveness.watch();
	}

	/** Puts a call in the queue of those with data to send. */
	enqueue(user: PathUser): void {
		// Those before it need not wait until it has said all.
		if (user.ticket === undefined) turnEnd.ready();
		user.ticket ??= this.#waiting.join(user);
		this.#planFlush();
	}

	/** Takes a call out again, since it ended or moved. */
	forget(user: PathUser): void {
		if (user.ticket === undefined) return;
		this.#waiting.leave(user.ticket);
		user.ticket = undefined;
	}

	/** Sends a frame that is not data: at once, outside the window. */
	control(
		type: FrameType,
		call: number,
		position: number,
		body?: Uint8Array,
	): void {
		this.#push({ type, flags: 0, position, call, body });
		this.#planFlush();
	}

	/** Without a sign of life within `timeoutMs` the path counts as lost. */
	probe(timeoutMs: number): void {
		if (!this.#lost) this.#liveness.probe(timeoutMs);
	}

	/** Closes the channel after what is queued; `lost` follows if it has not been said yet. */
	close(error?: EasyRemoteError): void {
		if (this.#lost) return;
		this.#flushFrames();
		this.#channel.close(error);
		this.#end(error);
	}

	#end(error: EasyRemoteError | undefined): void {
		if (this.#lost) return;
		this.#lost = true;
		this.#waiting.clear();
		this.#inFlight.length = 0;
		this.#receipts.stop();
		this.#liveness.stop();
		this.#events.lost(this, error);
	}

	// ── out ──

	#planFlush(): void {
		if (this.#flushPlanned || this.#lost) return;
		this.#flushPlanned = true;
		turnEnd.plan(this.#plannedFlush);
	}

	readonly #plannedFlush = (): void => {
		this.#flushPlanned = false;
		this.#flush();
	};

	#flush(): void {
		if (this.#lost) return;
		while (this.#channel.writable && this.#sendOne());
		if (this.#frames.length > 0) this.#flushFrames();
	}

	/** Gives the next call in turn one data frame. */
	#sendOne(): boolean {
		const room = this.#window.bytes - (this.#sentBytes - this.#ackedBytes);
		if (room <= 0) return false;
		const user = this.#waiting.next();
		if (!user) return false;
		user.ticket = undefined;
		// Two messages fit a window, so that one is on its way while the other is acknowledged.
		const largest = Math.min(
			this.#channel.maxMessageBytes,
			Math.max(this.#window.bytes / 2, SMALLEST_MESSAGE),
		);
		const used = this.#framesBytes + FRAME_HEADER_BYTES;
		if (used >= largest && this.#frames.length > 0) {
			this.#flushFrames();
			user.ticket = this.#waiting.join(user);
			return true;
		}
		const cut = user.out.cut(Math.floor(largest - used));
		if (!cut) return true;
		const size = FRAME_HEADER_BYTES + cut.bytes.length;
		this.#sentBytes += size;
		this.#inFlight.push({
			user,
			position: cut.offset + cut.bytes.length + (cut.fin ? 1 : 0),
			total: this.#sentBytes,
			ackedBefore: this.#ackedBytes,
			sentAtMs: this.#clock.monotonic(),
			limited: room - size < largest,
		});
		this.#push({
			type: FRAME.data,
			flags: cut.fin ? FLAG_FIN : 0,
			position: cut.offset,
			call: user.number,
			body: cut.bytes,
		});
		if (user.out.sendable) user.ticket = this.#waiting.join(user);
		user.sent();
		return true;
	}

	#push(frame: OutgoingFrame): void {
		const size = FRAME_HEADER_BYTES + (frame.body?.length ?? 0);
		const limit = this.#channel.maxMessageBytes;
		if (this.#framesBytes > 0 && this.#framesBytes + size > limit)
			this.#flushFrames();
		this.#frames.push(frame);
		this.#framesBytes += size;
	}

	#flushFrames(): void {
		const room = this.#channel.maxMessageBytes - this.#framesBytes;
		if (room >= FRAME_HEADER_BYTES) this.#receipts.ride();
		if (this.#frames.length === 0) return;
		const [frames, size] = [this.#frames, this.#framesBytes];
		this.#frames = [];
		this.#framesBytes = 0;
		const into =
			size >= this.#channel.copiesFrom ? this.#scratchOf(size) : undefined;
		this.#channel.send(encodeFrames(frames, size, HEADROOM, into), HEADROOM);
	}

	/** Where messages stand until the channel has its copy of them: large ones in buffers of their own are most of what bulk costs. */
	#scratchOf(size: number): Uint8Array {
		if (this.#scratch.length < HEADROOM + size)
			this.#scratch = new Uint8Array(
				HEADROOM + Math.min(size * 2, this.#channel.maxMessageBytes),
			);
		return this.#scratch;
	}

	// ── in ──

	#receive(message: Uint8Array): void {
		if (this.#lost) return;
		this.#liveness.heard();
		try {
			forEachFrame(message, this.#take);
		} catch (error) {
			this.close(toEasyRemoteError(error));
		}
	}

	/** Not a method: one that would have to be bound for every message. */
	readonly #take = (frame: IncomingFrame): void => {
		if (this.#lost) return;
		switch (frame.type) {
			case FRAME.data:
				this.#receipts.count(FRAME_HEADER_BYTES + frame.body.length);
				break;
			case FRAME.ack:
				this.#acknowledged(frame.position, frame.call / 1000);
				return;
			case FRAME.ping:
				// A browser that loses the last of what it sent notices after 400 ms: pages do not try for more.
				this.#window.mayWait(Math.min(frame.call, this.#roomBytes));
				this.control(FRAME.pong, 0, frame.position);
				return;
			case FRAME.pong:
				this.#liveness.ponged(frame.position);
				return;
		}
		this.#events.frame(this, frame);
	};

	#acknowledged(total: number, waitedMs: number): void {
		if (total < this.#ackedBytes || total > this.#sentBytes) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"an acknowledgement of bytes that were never sent",
			);
		}
		const nowMs = this.#clock.monotonic();
		const bytes = total - this.#ackedBytes;
		this.#ackedBytes = total;
		const oldest = this.#inFlight[0];
		let newest: InFlight | undefined;
		let count = 0;
		for (const frame of this.#inFlight) {
			if (frame.total > total) break;
			frame.user.acknowledged(frame.position);
			newest = frame;
			count += 1;
		}
		dropFirst(this.#inFlight, count);
		if (oldest && newest) {
			this.#window.acknowledged({
				bytes,
				// What waited for its acknowledgement since `waitedMs` is the first of the frames it covers.
				rttMs: Math.max(0, nowMs - oldest.sentAtMs - waitedMs),
				delivered: {
					bytes: total - newest.ackedBefore,
					ms: nowMs - newest.sentAtMs,
				},
				nowMs,
				limited: newest.limited,
			});
		}
		this.#planFlush();
	}
}

/** Room in front of a message for the header that a relay puts there, bytes. */
const HEADROOM = PACKET_HEADER_BYTES;
/** Smallest message worth its overhead, bytes. */
const SMALLEST_MESSAGE = 16 * 1024;
