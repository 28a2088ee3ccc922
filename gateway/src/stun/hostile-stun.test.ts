import fc from "fast-check";
import { expect, it } from "vitest";
import { readBindingRequest, writeBindingResponse } from "./stun-message.js";

const HEADER = Buffer.from("000100002112a442", "hex");

/** A binding request with these bytes for attributes. */
function request(transaction: Uint8Array, attributes: Uint8Array): Buffer {
	const header = Buffer.from(HEADER);
	header.writeUInt16BE(attributes.length, 2);
	return Buffer.concat([header, transaction, attributes]);
}

const transaction = fc.uint8Array({ minLength: 12, maxLength: 12 });
const address = fc.oneof(fc.ipV4(), fc.ipV6());
const port = fc.nat(65_535);

/** Answers a datagram if it is a request, and checks what must be true of every answer. */
function answer(datagram: Uint8Array, from: string, fromPort: number) {
	const read = readBindingRequest(datagram);
	if (!read) return undefined;
	const response = Buffer.from(writeBindingResponse(read, from, fromPort));
	expect(response.readUInt16BE(2)).toBe(response.length - 20);
	expect(response.subarray(8, 20)).toEqual(
		Buffer.from(datagram.subarray(8, 20)),
	);
	// Nobody is to be flooded with more than was sent in his name: an answer stays small.
	expect(response.length).toBeLessThanOrEqual(84);
	return response;
}

it("random datagrams are not answered", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (datagram) => {
			expect(answer(datagram, "127.0.0.1", 9)).toBeUndefined();
		}),
		{ numRuns: 3_000 },
	);
});

it("requests with any attributes are answered well, or not at all", () => {
	fc.assert(
		fc.property(
			transaction,
			fc.uint8Array({ maxLength: 200 }),
			address,
			port,
			(id, attributes, from, fromPort) => {
				answer(request(id, attributes), from, fromPort);
			},
		),
		{ numRuns: 3_000 },
	);
});

it("requests made of whole attributes are answered, at whatever address", () => {
	const attribute = fc
		.tuple(fc.nat(0xffff), fc.uint8Array({ maxLength: 20 }))
		.map(([type, value]) => {
			const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
			bytes.writeUInt16BE(type, 0);
			bytes.writeUInt16BE(value.length, 2);
			bytes.set(value, 4);
			return bytes;
		});
	fc.assert(
		fc.property(
			transaction,
			fc.array(attribute, { maxLength: 30 }),
			address,
			port,
			(id, attributes, from, fromPort) => {
				const datagram = request(id, Buffer.concat(attributes));
				expect(answer(datagram, from, fromPort)).toBeDefined();
				for (let length = 0; length < datagram.length; length += 1)
					expect(
						readBindingRequest(datagram.subarray(0, length)),
					).toBeUndefined();
			},
		),
		{ numRuns: 500 },
	);
});

it("gives the address back that it was asked from", () => {
	fc.assert(
		fc.property(transaction, fc.ipV4(), port, (id, from, fromPort) => {
			const response = answer(request(id, new Uint8Array()), from, fromPort);
			const mapped = (response?.readUInt32BE(28) ?? 0) ^ 0x2112_a442;
			const bytes = Buffer.alloc(4);
			bytes.writeInt32BE(mapped);
			expect([...bytes].join(".")).toBe(from);
			expect((response?.readUInt16BE(26) ?? 0) ^ 0x2112).toBe(fromPort);
		}),
	);
});
