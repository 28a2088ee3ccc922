import { randomBytes } from "node:crypto";
import { encodeFrame, OPCODE, type RawFrame } from "@easyremote/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { bytes, bytesOf } from "../support/raw-bytes.js";
import { exchange, RawHttp } from "../support/raw-http.js";
import {
	clientHello,
	RawWebSocket,
	upgradeRequest,
} from "../support/raw-websocket.js";

/** WebSockets that break the rules of RFC 6455. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start();
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

describe("opening requests", () => {
	const open = (headers: Record<string, string>, door = "/clients") =>
		upgradeRequest(gateway.url, door, headers);

	it.each<[string, () => string, readonly number[]]>([
		["without a key", () => open({ "sec-websocket-key": "" }), [400]],
		["with a short key", () => open({ "sec-websocket-key": "eA==" }), [400]],
		["of version 0", () => open({ "sec-websocket-version": "0" }), [400, 426]],
		["for HTTP/2", () => open({ upgrade: "h2c" }), [400]],
		["with two protocols", () => open({ upgrade: "websocket, h2c" }), [400]],
		["by POST", () => open({}).replace("GET", "POST"), [400, 405]],
		["at no door", () => open({}, "/api"), [404]],
		["at a node's door without name", () => open({}, "/nodes/"), [400, 404]],
		["for ..%2f", () => open({}, "/nodes/..%2f"), [400]],
		["for a NUL", () => open({}, "/nodes/%00"), [400]],
		["for a prototype", () => open({}, "/nodes/__proto__/x"), [404]],
		[
			"for a name of 65 letters",
			() => open({}, `/nodes/${"x".repeat(65)}`),
			[400],
		],
		[
			"with a subprotocol",
			() => open({ "sec-websocket-protocol": "a,a" }),
			[101, 400],
		],
	])("%s", async (_what, text, statuses) => {
		const [answer] = await exchange(gateway.url, text());
		expect(statuses).toContain(answer?.status);
	});

	it("twice on one connection: the second is no HTTP any more", async () => {
		const socket = await RawWebSocket.open(gateway.url);
		socket.http.write(upgradeRequest(gateway.url, "/clients"));
		expect(await socket.closed).toBe(1002);
		socket.close();
	});

	it("two in one piece: the second is no HTTP any more", async () => {
		const answers = await exchange(gateway.url, open({}) + open({}));
		expect(answers.map(({ status }) => status)).toEqual([101]);
	});

	it("that ask for compression do not get it", async () => {
		const socket = await RawWebSocket.open(gateway.url, "/clients", {
			"sec-websocket-extensions":
				"permessage-deflate; server_max_window_bits=8, x-webkit-deflate-frame",
		});
		expect(socket.headers.has("sec-websocket-extensions")).toBe(false);
		socket.close();
	});

	it("cut off at every one of their bytes", async () => {
		const whole = open({});
		await Promise.all(
			Array.from({ length: whole.length }, async (_, length) => {
				const raw = await RawHttp.open(gateway.url);
				raw.write(whole.slice(0, length));
				raw.end();
				await raw.answer();
				raw.close();
			}),
		);
	});
});

describe("frames", () => {
	const binary = OPCODE.binary;
	it.each<[string, readonly RawFrame[], readonly number[]]>([
		[
			"not masked",
			[{ opcode: binary, masked: false, payload: bytes(1) }],
			[1002],
		],
		["compressed without leave", [{ opcode: binary, rsv: 4 }], [1002]],
		["with the second reserved bit", [{ opcode: binary, rsv: 2 }], [1002]],
		["with the third reserved bit", [{ opcode: binary, rsv: 1 }], [1002]],
		["of a kind that does not exist", [{ opcode: 3 }], [1002]],
		["of a control kind that does not exist", [{ opcode: 11 }], [1002]],
		["ping in pieces", [{ opcode: OPCODE.ping, fin: false }], [1002]],
		["close in pieces", [{ opcode: OPCODE.close, fin: false }], [1002]],
		[
			"ping of 126 bytes",
			[{ opcode: OPCODE.ping, payload: new Uint8Array(126) }],
			[1002],
		],
		["a continuation of nothing", [{ opcode: OPCODE.continuation }], [1002]],
		[
			"a message within another",
			[{ opcode: binary, fin: false }, { opcode: binary }],
			[1002],
		],
		["of 2⁶³ bytes", [{ opcode: binary, announce: 1n << 63n }], [1002, 1009]],
		["of 2⁵³ bytes", [{ opcode: binary, announce: 1n << 53n }], [1009]],
		["of 4 GiB", [{ opcode: binary, announce: 1n << 32n }], [1009]],
		[
			"one byte over the limit",
			[{ opcode: binary, announce: 1_048_577n }],
			[1009],
		],
		[
			"over the limit in two pieces",
			[
				{ opcode: binary, fin: false, payload: new Uint8Array(600_000) },
				{ opcode: OPCODE.continuation, payload: new Uint8Array(600_000) },
			],
			[1009],
		],
		[
			"a message in 65 pieces",
			[
				{ opcode: binary, fin: false, payload: bytes(1) },
				...Array.from({ length: 64 }, () => ({
					opcode: OPCODE.continuation,
					fin: false,
					payload: bytes(1),
				})),
			],
			[1008],
		],
		[
			"ten thousand empty pieces",
			[
				{ opcode: binary, fin: false },
				...Array.from({ length: 10_000 }, () => ({
					opcode: OPCODE.continuation,
					fin: false,
				})),
			],
			[1008],
		],
		["text", [{ opcode: OPCODE.text, payload: bytesOf("hello") }], [4400]],
		[
			"text that is not UTF-8",
			[{ opcode: OPCODE.text, payload: bytes(0xc3, 0x28) }],
			[1007],
		],
		[
			"close with half a code",
			[{ opcode: OPCODE.close, payload: bytes(3) }],
			[1002],
		],
		[
			"close with a code nobody may send",
			[{ opcode: OPCODE.close, payload: bytes(0x03, 0xed) }],
			[1002],
		],
		[
			"close with a reason that is not UTF-8",
			[{ opcode: OPCODE.close, payload: bytes(0x03, 0xe8, 0xff) }],
			[1007],
		],
	])("%s", async (_what, frames, codes) => {
		const socket = await RawWebSocket.open(gateway.url);
		socket.http.write(Buffer.concat(frames.map(encodeFrame)));
		expect(codes).toContain(await socket.closed);
		socket.close();
	});

	it("cut off at every one of their bytes", async () => {
		const socket = await RawWebSocket.open(gateway.url);
		const hello = socket.encode("hello", clientHello(gateway.key));
		socket.close();
		const whole = encodeFrame({ opcode: binary, payload: hello });
		await Promise.all(
			Array.from({ length: whole.length }, async (_, length) => {
				const cut = await RawWebSocket.open(gateway.url);
				cut.http.write(whole.subarray(0, length));
				cut.http.end();
				await cut.closed;
				cut.close();
			}),
		);
	});

	it("of noise", async () => {
		for (let count = 0; count < 20; count += 1) {
			const socket = await RawWebSocket.open(gateway.url);
			socket.http.write(randomBytes(4_096));
			await socket.closed;
			socket.close();
		}
	});
});
