import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packEnvelope } from "../codec/envelope.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ControlEncoder } from "./control-codec.js";
import { decodeControl } from "./decode-control.js";
import { forEachPacket, joinPackets, PACKET_HEADER_BYTES } from "./packet.js";
import { readCallMessage } from "./short-header.js";

/** Runs a decoder, and fails on any error but the one that is allowed. */
function orRefuse(decode: () => unknown): "decoded" | "refused" {
	try {
		decode();
		return "decoded";
	} catch (error) {
		expect(error).toBeInstanceOf(EasyRemoteError);
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
		return "refused";
	}
}

const encoder = new ControlEncoder(() => 5);
const honest = [
	encoder.encode("hello", {
		version: 1,
		role: "node",
		agent: "a",
		instance: "i",
		nodeId: "n",
		node: {
			kind: "compute",
			tags: ["gpu"],
			direct: true,
			load: { running: 1, queued: 0, maxConcurrent: 10 },
		},
	}),
	encoder.encode("session_open", {
		session: 1,
		sessionId: "s",
		nodeId: "n",
		direct: true,
	}),
	encoder.encode("signal", {
		session: 1,
		attempt: 1,
		signal: { kind: "description", type: "offer", sdp: "v=0" },
	}),
].map(({ body }) => body);

describe("control messages", () => {
	it("of random bytes are refused", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(orRefuse(() => decodeControl(bytes))).toBe("refused");
			}),
			{ numRuns: 5_000 },
		);
	});

	it("made by changing an honest one are decoded or refused", () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...honest),
				fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
				(message, changes) => {
					const bytes = message.slice();
					for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
					orRefuse(() => decodeControl(bytes));
				},
			),
			{ numRuns: 5_000 },
		);
	});

	it("are refused at every length but their own", () => {
		for (const message of honest) {
			for (let length = 0; length < message.length; length += 1)
				expect(orRefuse(() => decodeControl(message.subarray(0, length)))).toBe(
					"refused",
				);
			expect(orRefuse(() => decodeControl(message))).toBe("decoded");
		}
	});

	it("with any field at all in place of theirs are decoded or refused", () => {
		const type = fc.constantFrom(
			...["hello", "heartbeat", "register_function", "route", "session_open"],
			...["session_close", "signal", "error", "__proto__", "toString"],
		);
		fc.assert(
			fc.property(type, fc.jsonValue(), fc.jsonValue(), (...fields) => {
				const [name, messageId, payload] = fields;
				const message = { type: name, messageId, timestamp: 0, payload };
				orRefuse(() => decodeControl(packEnvelope(message)));
				orRefuse(() =>
					decodeControl(packEnvelope({ ...message, messageId: 1 })),
				);
			}),
			{ numRuns: 3_000 },
		);
	});

	it("come back as they were written", () => {
		const count = fc.nat(1_000_000);
		fc.assert(
			fc.property(
				fc.record({ running: count, queued: count, maxConcurrent: count }),
				fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
				(load, latencyMs) => {
					const { body, messageId } = encoder.encode("heartbeat", {
						load,
						latencyMs,
					});
					expect(decodeControl(body)).toEqual({
						type: "heartbeat",
						messageId,
						timestamp: 5,
						payload: { load, latencyMs },
					});
				},
			),
		);
	});
});

describe("packets", () => {
	it("of random bytes stay within their message", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), (message) => {
				let at = 0;
				const whole = forEachPacket(message, (_session, start, end) => {
					expect(start).toBe(at + PACKET_HEADER_BYTES);
					expect(end).toBeGreaterThanOrEqual(start);
					at = end;
				});
				expect(whole).toBe(at === message.length && at > 0);
			}),
			{ numRuns: 3_000 },
		);
	});

	it("come back as they were joined, and at no other length", () => {
		const packet = fc.record({
			session: fc.nat(0xffff_ffff),
			body: fc.uint8Array({ maxLength: 40 }),
		});
		fc.assert(
			fc.property(
				fc.array(packet, { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 1, max: 7 }),
				(packets, missing) => {
					const message = joinPackets(packets);
					const read: unknown[] = [];
					const visit = (session: number, start: number, end: number) =>
						read.push({ session, body: message.slice(start, end) });
					expect(forEachPacket(message, visit)).toBe(true);
					expect(read).toEqual(packets);
					const cut = message.subarray(0, message.length - missing);
					expect(forEachPacket(cut, () => undefined)).toBe(false);
				},
			),
		);
	});
});

const read = (header: unknown) => readCallMessage(packEnvelope(header));

it("headers of calls that are anything at all are read or refused", () => {
	const type = fc.constantFrom(
		...["function_call", "accepted", "progress", "stream_data", "error"],
		...["function_response", "input_data", "__proto__", "constructor"],
	);
	const some = fc.anything({ withBigInt: true, withNullPrototype: true });
	fc.assert(
		fc.property(
			type,
			some,
			fc.dictionary(fc.string(), some),
			fc.nat(4),
			(...given) => {
				const [name, anything, fields, kind] = given;
				orRefuse(() => read(anything));
				orRefuse(() => read([kind, anything, name, anything]));
				orRefuse(() => read({ ...fields, type: name }));
				orRefuse(() => read({ id: anything, ...fields, type: name }));
			},
		),
		{ numRuns: 3_000 },
	);
});
