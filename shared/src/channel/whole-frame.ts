import { takeSlice } from "../codec/slab.js";
import { SOCKET_OPEN, type WebSocketLike } from "./websocket-like.js";

/** Up to this size a message costs less copied than by the ways of the streams, bytes. */
const LARGEST_WHOLE = 4 * 1024;

/** Final fragment, binary. */
const FIRST_BYTE = 0x82;
const MASKED = 0x80;
/** Longest payload whose length stands in the second byte; this number there says that two bytes with it follow. */
const SHORT = 125;
const LENGTH_IN_TWO = 126;
const KEY_BYTES = 4;

type Send = WebSocketLike["send"];

/** The part of a `net.Socket` that is used here. */
export interface ByteStream {
	write(...bytes: Parameters<Send>): unknown;
}

/**
 * Sends over a socket of `ws`: small messages in one piece by the stream underneath, others as `ws` does. Each keeps its
 * place among the others, since `ws` hands on what it is given at once.
 *
 * @param masked as of `wholeFrame`
 */
export function wholeSender(
	socket: Pick<WebSocketLike, "readyState" | "send">,
	stream: ByteStream,
	masked: boolean,
): Send {
	const send = socket.send.bind(socket);
	return (message, sent) => {
		const small = message.length <= LARGEST_WHOLE;
		if (small && socket.readyState === SOCKET_OPEN)
			stream.write(wholeFrame(message, masked), sent);
		else send(message, sent);
	};
}

/**
 * A message of up to 65,535 bytes as one WebSocket frame in one piece (RFC 6455 §5.2). `ws` hands header and payload to
 * the socket apart, which takes 2 µs more (measured): a call has four messages.
 *
 * @param masked as clients have to, with a key of zeros: where nobody reads along (`maskingFor`)
 */
export function wholeFrame(message: Uint8Array, masked: boolean): Uint8Array {
	const { length } = message;
	const short = length <= SHORT;
	// The key is in place: a slice is zeroed.
	const frame = takeSlice(wholeFrameBytes(length) + (masked ? KEY_BYTES : 0));
	frame[0] = FIRST_BYTE;
	frame[1] = (short ? length : LENGTH_IN_TWO) | (masked ? MASKED : 0);
	if (!short) {
		frame[2] = length >>> 8;
		frame[3] = length;
	}
	frame.set(message, frame.length - length);
	return frame;
}

/** Size of an unmasked frame with so many bytes of payload, up to 65,535. */
export function wholeFrameBytes(payload: number): number {
	return (payload <= SHORT ? 2 : 4) + payload;
}

/**
 * A copy of the small message whose frame begins at `start`; undefined when that frame is masked, large, a fragment, no
 * binary message, or not all there before `end`.
 */
export function wholePayload(
	bytes: Uint8Array,
	start: number,
	end: number,
): Uint8Array | undefined {
	if (bytes[start] !== FIRST_BYTE) return undefined;
	let length = bytes[start + 1] ?? 0;
	if (length > LENGTH_IN_TWO) return undefined;
	if (length === LENGTH_IN_TWO) {
		length = ((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0);
		if (length <= SHORT || length > LARGEST_WHOLE) return undefined;
	}
	const after = start + wholeFrameBytes(length);
	if (after > end) return undefined;
	const payload = takeSlice(length);
	payload.set(bytes.subarray(after - length, after));
	return payload;
}
