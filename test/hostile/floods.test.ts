import { createClient } from "@easyremote/client";
import { encodeFrame, OPCODE } from "@easyremote/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { failure } from "../support/failure.js";
import { RawWebSocket } from "../support/raw-websocket.js";

/** Too much of what is allowed. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start({
		callsPerMinute: 3_000,
		maxBufferedBytes: 2_097_152,
		helloTimeoutMs: 2_000,
	});
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

const connections = async () =>
	(await gateway.gauges()).sockets as { connections: number };

it("a thousand sockets that say nothing", async () => {
	const silent: RawWebSocket[] = [];
	for (let batch = 0; batch < 10; batch += 1)
		silent.push(
			...(await Promise.all(
				Array.from({ length: 100 }, () => RawWebSocket.open(gateway.url)),
			)),
		);
	const codes = await Promise.all(silent.map((socket) => socket.closed));
	expect(new Set(codes)).toEqual(new Set([4408]));
	for (const socket of silent) socket.close();
});

it("packets of sessions before hello are dropped, and put nothing off", async () => {
	const socket = await RawWebSocket.open(gateway.url);
	socket.packet(7, new Uint8Array(1_000));
	expect(await socket.closed).toBe(4408);
	socket.close();
});

it("a thousand clients that stay, while others call", async () => {
	const clients: RawWebSocket[] = [];
	for (let batch = 0; batch < 10; batch += 1)
		clients.push(
			...(await Promise.all(
				Array.from({ length: 100 }, () =>
					RawWebSocket.client(gateway.url, gateway.otherKey),
				),
			)),
		);
	expect((await connections()).connections).toBeGreaterThanOrEqual(1_000);
	const { status } = await gateway.ask("POST", "/api/worker.add", {
		body: '{"args":[1,2]}',
		headers: { "content-type": "application/json" },
	});
	expect(status).toBe(200);
	for (const client of clients) client.close();
});

describe("floods on one socket", () => {
	it("of pings end it, before their answers pile up", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		const ping = encodeFrame({
			opcode: OPCODE.ping,
			payload: new Uint8Array(125),
		});
		socket.http.write(
			Buffer.concat(Array.from({ length: 50_000 }, () => ping)),
		);
		expect(await socket.closed).toBe(1006);
		socket.close();
	});

	it("of pings whose answers nobody reads end it", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.http.pause();
		const ping = encodeFrame({
			opcode: OPCODE.ping,
			payload: new Uint8Array(125),
		});
		const many = Buffer.concat(Array.from({ length: 20_000 }, () => ping));
		// More than the operating system keeps for either side.
		for (let count = 0; count < 12; count += 1) socket.http.write(many);
		await expect.poll(async () => (await connections()).connections).toBe(2);
		socket.close();
	});

	it("of control messages: 4429", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		const heartbeat = socket.encode("heartbeat", {});
		const many = Buffer.concat(Array.from({ length: 3_000 }, () => heartbeat));
		socket.message(many);
		expect(await socket.closed).toBe(4429);
		socket.close();
	});

	it("of stray packets are dropped", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		const stray = new Uint8Array(8);
		stray[3] = 9;
		const message = Buffer.concat(Array.from({ length: 10_000 }, () => stray));
		for (let count = 0; count < 20; count += 1) socket.message(message);
		socket.control("heartbeat", {});
		await socket.next("heartbeat_ack");
		socket.close();
	});

	it("of routes: 256, and no more", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		for (let count = 0; count < 300; count += 1)
			socket.control("route", { query: { function: `f${count}` } });
		const { payload } = await socket.next("error");
		expect(payload.code).toBe("RESOURCE_EXHAUSTED");
		expect((await gateway.gauges()).routes).toBeLessThan(300);
		socket.close();
	});

	it("of sessions that are opened and closed at once leave none", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		for (let count = 0; count < 500; count += 1) {
			const session = 2 * count + 1;
			socket.control("session_open", {
				session,
				sessionId: `brief${count}`,
				nodeId: "worker",
				direct: false,
			});
			socket.control("session_close", { session });
		}
		socket.control("heartbeat", {});
		await socket.next("heartbeat_ack");
		socket.close();
	});

	it("of listings that nobody reads end it, or are too few to matter", async () => {
		const socket = await RawWebSocket.client(gateway.url, gateway.otherKey);
		socket.http.pause();
		for (let count = 0; count < 1_900; count += 1)
			socket.control("list", { what: "nodes" });
		await gateway.expectServed();
		socket.close();
	});
});

describe("calls a minute", () => {
	it("of REST end with 429, of clients with RESOURCE_EXHAUSTED at the node, both for that key alone", async () => {
		const client = createClient({
			gateway: gateway.url,
			key: gateway.otherKey,
			retries: 0,
			transport: "relay",
		});
		try {
			const { add } = client.node<{ add(a: number, b: number): number }>(
				"worker",
			);
			for (let round = 0; round < 30; round += 1)
				await Promise.all(Array.from({ length: 100 }, () => add(1, 2)));
			const error = await failure(
				Promise.all(Array.from({ length: 100 }, () => add(1, 2))),
			);
			expect(error).toMatchObject({
				code: "RESOURCE_EXHAUSTED",
				details: { reason: "rate_limit", callsPerMinute: 3_000 },
			});
			expect(error.retryAfterMs).toBeGreaterThan(0);
		} finally {
			await client.close();
		}
	});
});
