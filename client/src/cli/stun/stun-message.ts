import { createHmac, randomBytes } from "node:crypto";

/** Bytes of a STUN header (RFC 8489 §5). */
const HEADER_BYTES = 20;
const MAGIC_COOKIE = 0x2112_a442;

/** The attributes that are used here (RFC 8489 §14, RFC 8656 §18). */
export const ATTRIBUTE = {
	username: 0x0006,
	messageIntegrity: 0x0008,
	errorCode: 0x0009,
	lifetime: 0x000d,
	realm: 0x0014,
	nonce: 0x0015,
	xorRelayedAddress: 0x0016,
	requestedTransport: 0x0019,
	xorMappedAddress: 0x0020,
} as const;

/** A STUN message: what it asks or answers, and its attributes in order. */
export interface StunMessage {
	/** Method and class, as on the wire: 0x0001 asks for a binding, 0x0101 grants it. */
	readonly type: number;
	/** Twelve random bytes: an answer carries those of its request. */
	readonly transactionId: Buffer;
	readonly attributes: readonly (readonly [type: number, value: Buffer])[];
}

/** A new request. */
export function stunRequest(
	type: number,
	attributes: StunMessage["attributes"] = [],
): StunMessage {
	return { type, transactionId: randomBytes(12), attributes };
}

/** Writes a message; with `key`, MESSAGE-INTEGRITY is added as its last attribute (RFC 8489 §14.5). */
export function writeStun(message: StunMessage, key?: Buffer): Buffer {
	const body = Buffer.concat(
		message.attributes.map(([type, value]) => writeAttribute(type, value)),
	);
	if (!key) return withHeader(message, body, body.length);
	// The hash covers a header whose length counts the attribute that holds it.
	const hashed = withHeader(message, body, body.length + 24);
	const hash = createHmac("sha1", key).update(hashed).digest();
	return Buffer.concat([
		hashed,
		writeAttribute(ATTRIBUTE.messageIntegrity, hash),
	]);
}

/** Reads a message; undefined for anything else. */
export function readStun(datagram: Buffer): StunMessage | undefined {
	if (datagram.length < HEADER_BYTES) return undefined;
	const isStun =
		datagram.readUInt32BE(4) === MAGIC_COOKIE &&
		datagram.readUInt16BE(2) === datagram.length - HEADER_BYTES;
	if (!isStun) return undefined;
	const attributes: [number, Buffer][] = [];
	let offset = HEADER_BYTES;
	while (offset + 4 <= datagram.length) {
		const type = datagram.readUInt16BE(offset);
		const start = offset + 4;
		const end = start + datagram.readUInt16BE(offset + 2);
		if (end > datagram.length) return undefined;
		attributes.push([type, datagram.subarray(start, end)]);
		offset = padded(end);
	}
	return {
		type: datagram.readUInt16BE(0),
		transactionId: datagram.subarray(8, HEADER_BYTES),
		attributes,
	};
}

/** The value of the first attribute of a type. */
export function attributeOf(
	message: StunMessage,
	type: number,
): Buffer | undefined {
	return message.attributes.find(([each]) => each === type)?.[1];
}

/** The address in an XOR-…-ADDRESS attribute, as "host:port" or "[host]:port" (RFC 8489 §14.2). */
export function addressIn(
	message: StunMessage,
	type: number,
): string | undefined {
	const value = attributeOf(message, type);
	if (value?.length !== 8 && value?.length !== 20) return undefined;
	const mask = Buffer.alloc(16);
	mask.writeUInt32BE(MAGIC_COOKIE);
	mask.set(message.transactionId, 4);
	const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
	const bytes = Buffer.from(
		value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0)),
	);
	if (bytes.length === 4) return `${bytes.join(".")}:${port}`;
	const groups = Array.from({ length: 8 }, (_, index) =>
		bytes.readUInt16BE(2 * index).toString(16),
	);
	// A URL shortens the longest run of zeros.
	return `${new URL(`http://[${groups.join(":")}]`).hostname}:${port}`;
}

/** What an error answer says (RFC 8489 §14.8). */
export function errorIn(
	message: StunMessage,
): { readonly code: number; readonly text: string } | undefined {
	const value = attributeOf(message, ATTRIBUTE.errorCode);
	if (!value || value.length < 4) return undefined;
	const code = ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0);
	return { code, text: value.subarray(4).toString("utf8").trim() };
}

function withHeader(
	{ type, transactionId }: StunMessage,
	body: Buffer,
	length: number,
): Buffer {
	const header = Buffer.alloc(8);
	header.writeUInt16BE(type, 0);
	header.writeUInt16BE(length, 2);
	header.writeUInt32BE(MAGIC_COOKIE, 4);
	return Buffer.concat([header, transactionId, body]);
}

/** Values are padded to a multiple of four bytes, which the length does not count. */
function writeAttribute(type: number, value: Buffer): Buffer {
	const attribute = Buffer.alloc(4 + padded(value.length));
	attribute.writeUInt16BE(type, 0);
	attribute.writeUInt16BE(value.length, 2);
	attribute.set(value, 4);
	return attribute;
}

function padded(length: number): number {
	return (length + 3) & ~3;
}
