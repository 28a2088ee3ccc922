/** A WebSocket frame as RFC 6455 §5.2 has it, every field of it to be chosen, well or not. */
export interface RawFrame {
	readonly opcode: number;
	readonly payload?: Uint8Array;
	readonly fin?: boolean;
	/** The three reserved bits. */
	readonly rsv?: number;
	readonly masked?: boolean;
	/** The length to announce, in 8 bytes, whatever the payload is. */
	readonly announce?: bigint;
}

export const OPCODE = {
	continuation: 0,
	text: 1,
	binary: 2,
	close: 8,
	ping: 9,
	pong: 10,
} as const;

/** Writes a frame. */
export function encodeFrame(frame: RawFrame): Uint8Array {
	const { opcode, payload = new Uint8Array(), announce } = frame;
	const { fin = true, rsv = 0, masked = true } = frame;
	const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
	const maskBit = masked ? 0x80 : 0;
	const mask = crypto.getRandomValues(new Uint8Array(masked ? 4 : 0));
	const [length, ...more] = lengthBytes(payload.length, announce);
	const body = masked
		? payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
		: payload;
	const head = [first, maskBit | (length ?? 0), ...more, ...mask];
	const bytes = new Uint8Array(head.length + body.length);
	bytes.set(head);
	bytes.set(body, head.length);
	return bytes;
}

function lengthBytes(length: number, announce: bigint | undefined): Uint8Array {
	if (announce === undefined && length < 126) return Uint8Array.of(length);
	if (announce === undefined && length < 65_536)
		return Uint8Array.of(126, length >>> 8, length);
	const long = new Uint8Array(9);
	long[0] = 127;
	new DataView(long.buffer).setBigUint64(1, announce ?? BigInt(length));
	return long;
}
