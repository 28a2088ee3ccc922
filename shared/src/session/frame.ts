import { takeSlice } from "../codec/slab.js";
import { readUint32, writeUint32 } from "../codec/uint32.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";

/**
 * Frames: what a channel message within a session is made of.
 *
 *     frame   := type:u8 flags:u8 position:u48be call:u32be length:u32be body[length]
 *     message := frame+
 */
export const FRAME_HEADER_BYTES = 16;

/** The kinds of frame. PROTOCOL.md §4 says what `position`, `call` and the body mean in each. */
export const FRAME = {
	/** Bytes of a call's one direction; position: offset of the first. */
	data: 1,
	/** position: bytes of data frames (headers included) received on this path; call: µs the news waited. */
	ack: 2,
	/** position: offset up to which the call's far end may send. */
	credit: 3,
	/** The call is over; body: the error. */
	cancel: 4,
	/** The opener moves a call here; position: what it has received of it. */
	attach: 5,
	/** Answers attach; position: what this end has received of it. */
	attached: 6,
	/** position: a number that pong returns; call: bytes on their way to this end that may wait while it is busy, 0 if not known. */
	ping: 7,
	pong: 8,
	/** The whole session is over; body: the error, or nothing. */
	close: 9,
	/** body: numbers (u32) of the opener's calls that are not over; those without a path that it leaves out are. */
	live: 10,
} as const;

export type FrameType = (typeof FRAME)[keyof typeof FRAME];

/** Flag of a data frame: the last of its direction. */
export const FLAG_FIN = 1;

/** A frame on its way out. */
export interface OutgoingFrame {
	readonly type: FrameType;
	readonly flags: number;
	readonly position: number;
	readonly call: number;
	readonly body: Uint8Array | undefined;
}

/** A frame as it came in; `body` is a view of the message. */
export interface IncomingFrame {
	readonly type: number;
	readonly flags: number;
	readonly position: number;
	readonly call: number;
	readonly body: Uint8Array;
}

/**
 * Joins frames into one message of exactly `size` bytes, in a buffer with `headroom` bytes of its own in front of it.
 *
 * @param into a buffer to use instead, large enough for both
 */
export function encodeFrames(
	frames: readonly OutgoingFrame[],
	size: number,
	headroom = 0,
	into?: Uint8Array,
): Uint8Array {
	const message =
		into?.subarray(headroom, headroom + size) ?? takeSlice(size, headroom);
	let offset = 0;
	for (const frame of frames) {
		const length = frame.body?.length ?? 0;
		message[offset] = frame.type;
		message[offset + 1] = frame.flags;
		const high = Math.floor(frame.position / 0x1_0000_0000);
		message[offset + 2] = high >>> 8;
		message[offset + 3] = high;
		writeUint32(message, offset + 4, frame.position >>> 0);
		writeUint32(message, offset + 8, frame.call);
		writeUint32(message, offset + 12, length);
		offset += FRAME_HEADER_BYTES;
		if (frame.body) message.set(frame.body, offset);
		offset += length;
	}
	return message;
}

/** Hands each frame of a message to `visit`. Throws INVALID_ARGUMENT if the message is not a whole number of frames. */
export function forEachFrame(
	message: Uint8Array,
	visit: (frame: IncomingFrame) => void,
): void {
	let offset = 0;
	while (offset < message.length) {
		const start = offset + FRAME_HEADER_BYTES;
		if (start > message.length) throw truncated();
		const end = start + readUint32(message, offset + 12);
		if (end > message.length) throw truncated();
		visit({
			type: message[offset] ?? 0,
			flags: message[offset + 1] ?? 0,
			position: readPosition(message, offset + 2),
			call: readUint32(message, offset + 8),
			body: start === end ? NOTHING : message.subarray(start, end),
		});
		offset = end;
	}
}

const NOTHING = new Uint8Array(0);

function readPosition(message: Uint8Array, offset: number): number {
	const high = ((message[offset] ?? 0) << 8) | (message[offset + 1] ?? 0);
	return high * 0x1_0000_0000 + readUint32(message, offset + 2);
}

function truncated(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"a frame is longer than the message it came in",
	);
}

/** The body of a `live` frame. */
export function encodeNumbers(numbers: readonly number[]): Uint8Array {
	const body = new Uint8Array(numbers.length * 4);
	for (const [index, number] of numbers.entries())
		writeUint32(body, index * 4, number);
	return body;
}

/** Reads the body of a `live` frame. */
export function decodeNumbers(body: Uint8Array): ReadonlySet<number> {
	const numbers = new Set<number>();
	for (let offset = 0; offset + 4 <= body.length; offset += 4)
		numbers.add(readUint32(body, offset));
	return numbers;
}
