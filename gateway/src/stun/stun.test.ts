import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { systemClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { readBindingRequest, writeBindingResponse } from "./stun-message.js";
import { openStunResponder, type StunResponder } from "./stun-responder.js";

const transactionId = Buffer.from("b7e7a701bc34d686fa87dfae", "hex");

function request(attributes = Buffer.alloc(0), type = 1): Buffer {
	const header = Buffer.alloc(8);
	header.writeUInt16BE(type, 0);
	header.writeUInt16BE(attributes.length, 2);
	header.writeUInt32BE(0x2112a442, 4);
	return Buffer.concat([header, transactionId, attributes]);
}

function answer(datagram: Buffer, address: string, port: number): Buffer {
	const read = readBindingRequest(datagram);
	if (!read) throw new Error("not a binding request");
	return Buffer.from(writeBindingResponse(read, address, port));
}

describe("messages", () => {
	it("writes the XOR-MAPPED-ADDRESS of RFC 5769 §2.2 and §2.3", () => {
		expect(
			answer(request(), "192.0.2.1", 32853).subarray(20).toString("hex"),
		).toBe("002000080001a147e112a643");
		expect(
			answer(request(), "2001:db8:1234:5678:11:2233:4455:6677", 32853)
				.subarray(20)
				.toString("hex"),
		).toBe("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
	});

	it("echoes the transaction id in a success response of the right length", () => {
		const response = answer(request(), "127.0.0.1", 9);
		expect(response.readUInt16BE(0)).toBe(0x0101);
		expect(response.readUInt16BE(2)).toBe(response.length - 20);
		expect(response.subarray(8, 20)).toEqual(transactionId);
		expect(answer(request(), "::ffff:127.0.0.1", 9)).toEqual(response);
		expect(answer(request(), "::1", 9)).toHaveLength(44);
	});

	it("ignores attributes that are optional and refuses to pretend with others", () => {
		expect(
			answer(
				request(Buffer.from("8022000361626300", "hex")),
				"127.0.0.1",
				9,
			).readUInt16BE(0),
		).toBe(0x0101);
		const refused = answer(
			request(Buffer.from("0003000400000006", "hex")),
			"127.0.0.1",
			9,
		);
		expect(refused.readUInt16BE(0)).toBe(0x0111);
		expect([refused[26], refused[27]]).toEqual([4, 20]);
		expect(refused.readUInt16BE(refused.length - 4)).toBe(0x0003);
		expect(refused.readUInt16BE(2)).toBe(refused.length - 20);
		expect(refused.length % 4).toBe(0);
	});

	it.each([
		["nothing", Buffer.alloc(0)],
		["a short datagram", request().subarray(0, 19)],
		["trailing bytes", Buffer.concat([request(), Buffer.alloc(3)])],
		["a response", request(Buffer.alloc(0), 0x0101)],
		["another method", request(Buffer.alloc(0), 0x0003)],
		[
			"a wrong cookie",
			Buffer.concat([request().subarray(0, 4), Buffer.alloc(4), transactionId]),
		],
		[
			"an attribute longer than the message",
			request(Buffer.from("80220fff", "hex")),
		],
		["half an attribute header", request(Buffer.from("8022", "hex"))],
	])("does not answer %s", (_what, datagram) => {
		expect(readBindingRequest(datagram)).toBeUndefined();
	});
});

describe("responder", () => {
	const open: StunResponder[] = [];
	const sockets: Socket[] = [];

	afterEach(async () => {
		for (const socket of sockets.splice(0)) socket.close();
		for (const responder of open.splice(0)) await responder.close();
	});

	it("tells a peer its own address, and survives garbage", async () => {
		const responder = await openStunResponder({
			host: "127.0.0.1",
			port: 0,
			clock: systemClock,
			limits: DEFAULT_LIMITS,
		});
		open.push(responder);
		const peer = createSocket("udp4");
		sockets.push(peer);
		peer.bind(0, "127.0.0.1");
		await once(peer, "listening");
		const answered = once(peer, "message") as Promise<[Buffer]>;
		peer.send(Buffer.from("garbage"), responder.port, "127.0.0.1");
		peer.send(request(), responder.port, "127.0.0.1");
		const [response] = await answered;
		expect(response.readUInt16BE(26) ^ 0x2112).toBe(peer.address().port);
		expect((response.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001);
	});

	it("says which UDP port is taken", async () => {
		const first = await openStunResponder({
			host: "127.0.0.1",
			port: 0,
			clock: systemClock,
			limits: DEFAULT_LIMITS,
		});
		open.push(first);
		const second = openStunResponder({
			host: "127.0.0.1",
			port: first.port,
			clock: systemClock,
			limits: DEFAULT_LIMITS,
		});
		await expect(second).rejects.toThrow(EasyRemoteError);
		await expect(second).rejects.toMatchObject({ code: "UNAVAILABLE" });
	});
});
