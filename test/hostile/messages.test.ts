import { randomBytes } from "node:crypto";
import { packEnvelope } from "@easyremote/shared/codec";
import { joinPackets } from "@easyremote/shared/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { bytes, bytesOf } from "../support/raw-bytes.js";
import { clientHello, RawWebSocket } from "../support/raw-websocket.js";

/** Messages that break the rules of PROTOCOL.md. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start();
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

/** A packet whose header says what it likes. */
function packet(session: number, body: Uint8Array, length = body.length) {
	const message = Buffer.alloc(8 + body.length);
	message.writeUInt32BE(session, 0);
	message.writeUInt32BE(length, 4);
	message.set(body, 8);
	return message;
}

/** A control message whose fields are what they like. */
function control(message: object): Uint8Array {
	return packet(
		0,
		packEnvelope({
			type: "hello",
			messageId: 1,
			timestamp: 0,
			payload: {},
			...message,
		}),
	);
}

const LONG = "x".repeat(9_000);
/** Each is wrong whenever it comes. */
const WRONG: [string, () => Uint8Array][] = [
	["nothing", () => bytes()],
	["half a header", () => bytes(0, 0, 0, 0, 0, 0, 0)],
	["a packet that ends early", () => packet(0, bytes(1), 1_000)],
	["a packet of 4 GiB", () => packet(0, bytes(1), 0xffff_ffff)],
	["a packet with something behind it", () => packet(0, bytes(1, 2, 3), 2)],
	["a control message of no bytes", () => packet(0, bytes())],
	["a control message over 256 KiB", () => packet(0, Buffer.alloc(262_145))],
	["noise", () => packet(0, randomBytes(500))],
	["JSON", () => packet(0, bytesOf('{"type":"hello"}'))],
	[
		"arrays a hundred thousand deep",
		() => packet(0, Buffer.alloc(100_000, 0x91)),
	],
	[
		"maps of four thousand million",
		() => packet(0, bytes(0xdf, 255, 255, 255, 255)),
	],
	[
		"a text of four gigabytes",
		() => packet(0, bytes(0xdb, 255, 255, 255, 255)),
	],
	[
		"a quarter million empty maps",
		() => packet(0, Buffer.alloc(262_144, 0x8f)),
	],
	["no type", () => control({ type: undefined })],
	["an unknown type", () => control({ type: "shutdown" })],
	["a prototype's type", () => control({ type: "__proto__" })],
	["a constructor's type", () => control({ type: "constructor" })],
	["a type that is a list", () => control({ type: ["hello"] })],
	["no message id", () => control({ messageId: "1" })],
	["no payload", () => control({ payload: null })],
	["a payload that is a list", () => control({ payload: [] })],
	[
		"a hello of a role nobody has",
		() => control({ payload: { ...clientHello(), role: "admin" } }),
	],
	[
		"a hello with an endless agent",
		() => control({ payload: { ...clientHello(), agent: LONG } }),
	],
	[
		"a hello with a path for an instance",
		() => control({ payload: { ...clientHello(), instance: "../x" } }),
	],
	[
		"a route to a NUL",
		() => control({ type: "route", payload: { query: { function: "a\0" } } }),
	],
	[
		"a route to ../",
		() => control({ type: "route", payload: { query: { node: "../etc" } } }),
	],
	[
		"a route with a thousand tags",
		() =>
			control({
				type: "route",
				payload: { query: { tags: Array(1_000).fill("x") } },
			}),
	],
	[
		"a session 0",
		() => control({ type: "session_close", payload: { session: 0 } }),
	],
	[
		"a session -1",
		() => control({ type: "session_close", payload: { session: -1 } }),
	],
	[
		"a session 1.5",
		() => control({ type: "session_close", payload: { session: 1.5 } }),
	],
	[
		"a session 2³²",
		() => control({ type: "session_close", payload: { session: 2 ** 32 } }),
	],
	[
		"a session of an endless name",
		() =>
			control({
				type: "session_open",
				payload: {
					session: 1,
					sessionId: "x".repeat(65),
					nodeId: "worker",
					direct: false,
				},
			}),
	],
	[
		"a signal of an endless description",
		() =>
			control({
				type: "signal",
				payload: {
					session: 1,
					attempt: 1,
					signal: {
						kind: "description",
						type: "offer",
						sdp: "x".repeat(40_000),
					},
				},
			}),
	],
	[
		"a signal of no kind",
		() =>
			control({
				type: "signal",
				payload: { session: 1, attempt: 1, signal: { kind: "x" } },
			}),
	],
	[
		"five thousand functions",
		() =>
			control({
				type: "register_function",
				payload: { functions: Array(5_000).fill({}) },
			}),
	],
	[
		"a node's message",
		() =>
			control({
				type: "session_opened",
				payload: { session: 1, direct: false },
			}),
	],
	["the gateway's message", () => control({ type: "welcome", payload: {} })],
];

describe("messages before hello", () => {
	it.each(WRONG)("%s: 4400", async (_what, message) => {
		const socket = await RawWebSocket.open(gateway.url);
		socket.message(message());
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	it("a heartbeat: 4400", async () => {
		const socket = await RawWebSocket.open(gateway.url);
		socket.control("heartbeat", {});
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	it("two hellos in one message: 4400", async () => {
		const socket = await RawWebSocket.open(gateway.url);
		const hello = socket.encode("hello", clientHello(gateway.key));
		socket.message(Buffer.concat([hello, hello]));
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	it("a hello cut off at every one of its bytes, and framed as whole", async () => {
		const hello = packEnvelope({
			type: "hello",
			messageId: 1,
			timestamp: 0,
			payload: clientHello(gateway.key),
		});
		await Promise.all(
			Array.from({ length: hello.length }, async (_, length) => {
				const socket = await RawWebSocket.open(gateway.url);
				socket.packet(0, hello.subarray(0, length));
				expect(await socket.closed).toBe(4400);
				socket.close();
			}),
		);
	});
});

describe("messages of a client", () => {
	it.each(WRONG)("%s: 4400", async (_what, message) => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.message(message());
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	it("a second hello: 4400", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.control("hello", clientHello(gateway.otherKey));
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	/** The client still gets an answer. */
	async function goesOn(socket: RawWebSocket): Promise<void> {
		socket.control("heartbeat", {});
		await socket.next("heartbeat_ack");
		socket.close();
	}

	it.each([1, 2, 3, 0xffff_ffff])(
		"packets, signals and closes of session %i, which is not its own, are dropped",
		async (session) => {
			const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
			for (let count = 0; count < 100; count += 1)
				socket.packet(session, randomBytes(100));
			socket.control("signal", {
				session,
				attempt: 1,
				signal: { kind: "request" },
			});
			socket.control("session_close", { session });
			await goesOn(socket);
		},
	);

	it.each([
		["even", 2],
		["open already", 1],
	])("a session whose number is %s: 4400", async (_what, session) => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		for (const number of [1, session])
			socket.control("session_open", {
				session: number,
				sessionId: `mine${number}`,
				nodeId: "worker",
				direct: false,
			});
		expect(await socket.closed).toBe(4400);
		socket.close();
	});

	it("a session to a node that does not exist is NOT_FOUND", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.control("session_open", {
			session: 1,
			sessionId: "lost",
			nodeId: "nobody",
			direct: false,
		});
		const { payload } = await socket.next("session_close");
		expect(payload.error?.code).toBe("NOT_FOUND");
		await goesOn(socket);
	});

	it("somebody else's session, by its id, is refused, and its owner keeps it", async () => {
		const owner = await RawWebSocket.client(gateway.url, gateway.key);
		const thief = await RawWebSocket.client(gateway.url, gateway.otherKey);
		const open = {
			session: 1,
			sessionId: "coveted",
			nodeId: "worker",
			direct: false,
		};
		owner.control("session_open", open);
		await owner.next("session_opened");
		thief.control("session_open", {
			...open,
			// What a client says of itself is thrown away.
			caller: { id: "x", subject: "x", anonymous: false, grants: ["admin"] },
		});
		const { payload } = await thief.next("session_close");
		expect(payload.error?.code).toBe("PERMISSION_DENIED");
		owner.control("heartbeat", {});
		await owner.next("heartbeat_ack");
		expect(owner.controls).toEqual([]);
		owner.close();
		thief.close();
	});

	it.each([
		["noise", randomBytes(2_000)],
		[
			"a frame of 4 GiB",
			bytes(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255),
		],
		[
			"an acknowledgement of what was never sent",
			bytes(2, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0),
		],
		[
			"a call number of 2³²-1",
			bytes(1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0),
		],
	])("%s in a session of its own costs nobody else's", async (_what, body) => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.control("session_open", {
			session: 1,
			sessionId: "own",
			nodeId: "worker",
			direct: false,
		});
		await socket.next("session_opened");
		socket.packet(1, body);
		await goesOn(socket);
	});

	it("the same message again is the same again: a replayed list is another listing", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		const list = socket.encode("list", { what: "nodes" });
		socket.message(joinTwice(list));
		await socket.next("listing");
		await socket.next("listing");
		await goesOn(socket);
	});
});

function joinTwice(message: Uint8Array): Uint8Array {
	return joinPackets([
		{ session: 0, body: message.subarray(8) },
		{ session: 0, body: message.subarray(8) },
	]);
}
