import { readUint32, writeUint32 } from "../codec/uint32.js";

/**
 * Packets: what a WebSocket message between a peer and the gateway is made of.
 *
 *     packet  := session:u32be length:u32be body[length]
 *     message := packet+
 *
 * Session 0 is the control plane. Any other number names a relayed session on this socket,
 * whose body the gateway passes on unread, with the number of the other socket in its place.
 */
export const PACKET_HEADER_BYTES = 8;

/** The session number of control messages. */
export const CONTROL_SESSION = 0;

/** Writes a packet's header at `offset`. */
export function writePacketHeader(
	target: Uint8Array,
	offset: number,
	session: number,
	length: number,
): void {
	writeUint32(target, offset, session);
	writeUint32(target, offset + 4, length);
}

/** Overwrites only the session number: all that a relay changes. */
export function rewriteSession(
	target: Uint8Array,
	offset: number,
	session: number,
): void {
	writeUint32(target, offset, session);
}

/**
 * Hands every packet of a message to `visit` as offsets into it (no copy, no view).
 * Returns false if the message is not a whole number of packets; those before the fault were visited.
 */
export function forEachPacket(
	message: Uint8Array,
	visit: (session: number, bodyStart: number, bodyEnd: number) => void,
): boolean {
	let offset = 0;
	while (offset + PACKET_HEADER_BYTES <= message.length) {
		const session = readUint32(message, offset);
		const bodyStart = offset + PACKET_HEADER_BYTES;
		const bodyEnd = bodyStart + readUint32(message, offset + 4);
		if (bodyEnd > message.length) return false;
		visit(session, bodyStart, bodyEnd);
		offset = bodyEnd;
	}
	return offset === message.length && message.length > 0;
}

/** The packet of a body that has room for the header in front of it, in the same buffer. */
export function packetAround(session: number, body: Uint8Array): Uint8Array {
	const packet = new Uint8Array(
		body.buffer,
		body.byteOffset - PACKET_HEADER_BYTES,
		PACKET_HEADER_BYTES + body.length,
	);
	writePacketHeader(packet, 0, session, body.length);
	return packet;
}

/** Joins packets into one WebSocket message. */
export function joinPackets(
	packets: readonly { readonly session: number; readonly body: Uint8Array }[],
): Uint8Array {
	let size = 0;
	for (const packet of packets)
		size += PACKET_HEADER_BYTES + packet.body.length;
	const message = new Uint8Array(size);
	let offset = 0;
	for (const { session, body } of packets) {
		writePacketHeader(message, offset, session, body.length);
		message.set(body, offset + PACKET_HEADER_BYTES);
		offset += PACKET_HEADER_BYTES + body.length;
	}
	return message;
}
