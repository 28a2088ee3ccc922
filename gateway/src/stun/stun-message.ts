import { isIPv6 } from "node:net";

/** Bytes of a STUN header (RFC 8489 §5). */
const HEADER_BYTES = 20;
const MAGIC_COOKIE = 0x2112_a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
/** Attribute types below this one must be understood by whoever receives them (RFC 8489 §14). */
const COMPREHENSION_OPTIONAL = 0x8000;
/** USERNAME, MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256, PRIORITY, USE-CANDIDATE: of no meaning here, and harmless. */
const UNDERSTOOD = new Set([0x0006, 0x0008, 0x001c, 0x0024, 0x0025]);

/** A binding request, read. */
export interface BindingRequest {
	readonly transactionId: Uint8Array;
	/** Attributes that we would have to understand and do not. */
	readonly unknownAttributes: readonly number[];
}

/** Reads a binding request; undefined for anything else, which is not answered. */
export function readBindingRequest(
	datagram: Uint8Array,
): BindingRequest | undefined {
	if (datagram.length < HEADER_BYTES) return undefined;
	const view = new DataView(
		datagram.buffer,
		datagram.byteOffset,
		datagram.length,
	);
	if (
		view.getUint16(0) !== BINDING_REQUEST ||
		view.getUint32(4) !== MAGIC_COOKIE
	)
		return undefined;
	if (view.getUint16(2) !== datagram.length - HEADER_BYTES) return undefined;
	const unknownAttributes: number[] = [];
	let offset = HEADER_BYTES;
	while (offset < datagram.length) {
		if (offset + 4 > datagram.length) return undefined;
		const type = view.getUint16(offset);
		// Values are padded to a multiple of four.
		offset += 4 + ((view.getUint16(offset + 2) + 3) & ~3);
		if (type < COMPREHENSION_OPTIONAL && !UNDERSTOOD.has(type))
			unknownAttributes.push(type);
	}
	if (offset !== datagram.length) return undefined;
	return {
		transactionId: datagram.slice(8, HEADER_BYTES),
		unknownAttributes: unknownAttributes.slice(0, 16),
	};
}

/** The answer: where the request came from, or 420 naming what was not understood (RFC 8489 §6.3.1). */
export function writeBindingResponse(
	request: BindingRequest,
	address: string,
	port: number,
): Uint8Array {
	return request.unknownAttributes.length === 0
		? frame(BINDING_SUCCESS, request, xorMappedAddress(request, address, port))
		: frame(
				BINDING_ERROR,
				request,
				unknownAttributesError(request.unknownAttributes),
			);
}

function frame(
	type: number,
	request: BindingRequest,
	attributes: Buffer,
): Uint8Array {
	const header = Buffer.alloc(8);
	header.writeUInt16BE(type, 0);
	header.writeUInt16BE(attributes.length, 2);
	header.writeUInt32BE(MAGIC_COOKIE, 4);
	return Buffer.concat([header, request.transactionId, attributes]);
}

/** RFC 8489 §14.2: address and port, each masked so that meddling routers do not "translate" them. */
function xorMappedAddress(
	request: BindingRequest,
	address: string,
	port: number,
): Buffer {
	const bytes = addressBytes(address);
	const mask = Buffer.alloc(16);
	mask.writeUInt32BE(MAGIC_COOKIE, 0);
	mask.set(request.transactionId, 4);
	const attribute = Buffer.alloc(8 + bytes.length);
	attribute.writeUInt16BE(XOR_MAPPED_ADDRESS, 0);
	attribute.writeUInt16BE(4 + bytes.length, 2);
	attribute.writeUInt8(bytes.length === 4 ? 1 : 2, 5);
	attribute.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 6);
	bytes.forEach((byte, index) =>
		attribute.writeUInt8(byte ^ mask.readUInt8(index), 8 + index),
	);
	return attribute;
}

function unknownAttributesError(types: readonly number[]): Buffer {
	const reason = Buffer.from("Unknown Attribute   ", "latin1").subarray(0, 17);
	const error = Buffer.alloc(8 + 20);
	error.writeUInt16BE(ERROR_CODE, 0);
	error.writeUInt16BE(4 + reason.length, 2);
	error.writeUInt8(4, 6);
	error.writeUInt8(20, 7);
	error.set(reason, 8);
	const unknown = Buffer.alloc(4 + ((types.length * 2 + 3) & ~3));
	unknown.writeUInt16BE(UNKNOWN_ATTRIBUTES, 0);
	unknown.writeUInt16BE(types.length * 2, 2);
	types.forEach((type, index) => unknown.writeUInt16BE(type, 4 + index * 2));
	return Buffer.concat([error, unknown]);
}

/** The 4 or 16 bytes of an address; an IPv4 address that a dual-stack socket shows as IPv6 is IPv4. */
function addressBytes(address: string): number[] {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
	if (!isIPv6(plain)) return plain.split(".").map(Number);
	// URL expands nothing, but it does settle the notation: lower case, no dots, at most one "::".
	const normal = new URL(
		`http://[${plain.replace(/%.*$/, "")}]/`,
	).hostname.slice(1, -1);
	const [head = "", tail] = normal.split("::");
	const left = head === "" ? [] : head.split(":");
	const right = tail === undefined || tail === "" ? [] : tail.split(":");
	const zeros = Array.from(
		{ length: 8 - left.length - right.length },
		() => "0",
	);
	return [...left, ...zeros, ...right].flatMap((group) => {
		const value = Number.parseInt(group, 16);
		return [value >>> 8, value & 0xff];
	});
}
