import { randomBytes } from "node:crypto";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import type { RawPeer } from "./testing/raw-peer.js";
import {
	openTestGateway,
	principal,
	type TestGateway,
	type TestGatewayOptions,
} from "./testing/test-gateway.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

async function open(options?: TestGatewayOptions): Promise<TestGateway> {
	gateway = await openTestGateway(options);
	return gateway;
}

/** Waits for the gateway to close a peer; answers the code, and the error it said before. */
async function closing(
	peer: RawPeer,
): Promise<{ code: number; error: string | undefined }> {
	const { code } = await peer.closed;
	const said = peer.controls.find(({ type }) => type === "error");
	return {
		code,
		error: said?.type === "error" ? said.payload.code : undefined,
	};
}

function packet(
	session: number,
	length: number,
	body = new Uint8Array(length),
): Uint8Array {
	const head = new Uint8Array(8);
	const view = new DataView(head.buffer);
	view.setUint32(0, session);
	view.setUint32(4, length);
	return Buffer.concat([head, body]);
}

describe("the first moments of a socket", () => {
	it("welcomes a client with what it needs to know", async () => {
		await open({ principals: [principal("alice", "call:add")] });
		const peer = await gateway.connect("/clients");
		expect(await peer.hello("client", { credential: "alice" })).toMatchObject({
			principal: { id: "alice", anonymous: false, grants: ["call:add"] },
			gatewayId: "test",
			heartbeatIntervalMs: 15_000,
			iceServers: [{ urls: "stun:stun.example.com" }],
			maxMessageBytes: 1_048_576,
		});
		expect(gateway.door.stats).toEqual({
			donors: 0,
			connections: 1,
			clients: 1,
			nodes: 0,
			greeting: 0,
		});
	});

	it("closes who says nothing for five seconds", async () => {
		const clock = new ManualClock();
		await open({ clock });
		const silent = await gateway.connect("/clients");
		const client = await gateway.client();
		await clock.advance(5_000);
		expect(await closing(silent)).toEqual({
			code: 4408,
			error: "DEADLINE_EXCEEDED",
		});
		client.send("heartbeat", {});
		await client.next("heartbeat_ack");
	});

	it("refuses a bad credential, a foreign version, the wrong door and a missing grant", async () => {
		await open({ principals: [principal("reader", "call:*")] });
		const bad = await gateway.connect("/clients");
		bad.send("hello", {
			version: 1,
			role: "client",
			agent: "x",
			instance: "i",
			credential: "nonsense",
		});
		expect(await closing(bad)).toEqual({
			code: 4401,
			error: "UNAUTHENTICATED",
		});
		const newer = await gateway.connect("/clients");
		newer.send("hello", {
			version: 2,
			role: "client",
			agent: "x",
			instance: "i",
		});
		expect(await closing(newer)).toEqual({
			code: 4400,
			error: "UNIMPLEMENTED",
		});
		const lost = await gateway.connect("/nodes/gpu");
		lost.send("hello", {
			version: 1,
			role: "client",
			agent: "x",
			instance: "i",
		});
		expect(await closing(lost)).toEqual({
			code: 4400,
			error: "INVALID_ARGUMENT",
		});
		const reader = await gateway.connect("/nodes/gpu");
		await expect(
			reader.hello("node", { nodeId: "gpu", credential: "reader" }),
		).rejects.toThrow("closed");
		expect((await reader.closed).code).toBe(4403);
	});

	it("answers the hello that it refuses", async () => {
		await open();
		const bad = await gateway.connect("/clients");
		const id = bad.send("hello", {
			version: 1,
			role: "client",
			agent: "x",
			instance: "i",
			credential: "no",
		});
		expect(await bad.next("error")).toMatchObject({
			replyTo: id,
			payload: { message: "the credential is not valid" },
		});
	});

	it("has room for so many connections and no more", async () => {
		await open({ limits: { maxConnections: 3, maxConnectionsPerAddress: 2 } });
		const first = await gateway.client();
		await gateway.client();
		const third = await gateway.connect("/clients");
		expect(await closing(third)).toEqual({
			code: 4429,
			error: "RESOURCE_EXHAUSTED",
		});
		first.socket.close();
		await first.closed;
		await expect.poll(() => gateway.door.stats.connections).toBe(1);
		await gateway.client();
	});

	it("serves a thousand sockets at once", async () => {
		await open();
		await gateway.node("n");
		const clients = await Promise.all(
			Array.from({ length: 999 }, () => gateway.client()),
		);
		expect(gateway.door.stats.connections).toBe(1_000);
		for (const client of clients) client.send("heartbeat", {});
		await Promise.all(clients.map((client) => client.next("heartbeat_ack")));
		const over = await gateway.connect("/clients");
		expect(await closing(over)).toEqual({
			code: 4429,
			error: "RESOURCE_EXHAUSTED",
		});
	});
});

describe("hostile sockets", () => {
	const HOSTILE: [name: string, send: (peer: RawPeer) => void, code: number][] =
		[
			["a text message", (peer) => peer.sendRaw("hello"), 4400],
			["an empty message", (peer) => peer.sendRaw(new Uint8Array()), 4400],
			["a truncated header", (peer) => peer.sendRaw(new Uint8Array(7)), 4400],
			[
				"a packet longer than its message",
				(peer) => peer.sendRaw(packet(0, 1_000, new Uint8Array(5))),
				4400,
			],
			[
				"a length of 4 GiB",
				(peer) => peer.sendRaw(packet(1, 0xffff_ffff, new Uint8Array(5))),
				4400,
			],
			[
				"random bytes as a control message",
				(peer) => peer.sendRaw(packet(0, 300, randomBytes(300))),
				4400,
			],
			["an empty control message", (peer) => peer.sendRaw(packet(0, 0)), 4400],
			[
				"maps in maps in maps",
				(peer) =>
					peer.sendRaw(packet(0, 5_000, new Uint8Array(5_000).fill(0x91))),
				4400,
			],
			[
				"an oversized control message",
				(peer) => peer.sendRaw(packet(0, 300_000)),
				4400,
			],
			[
				"an oversized message",
				(peer) => peer.sendRaw(new Uint8Array(1_048_577)),
				1009,
			],
			[
				"a second hello",
				(peer) =>
					peer.send("hello", {
						version: 1,
						role: "client",
						agent: "x",
						instance: "i",
					}),
				4400,
			],
			[
				"a message of a node's",
				(peer) => peer.send("register_function", { functions: [] }),
				4400,
			],
			[
				"a message of the gateway's",
				(peer) => peer.send("session_pause", { session: 1, paused: true }),
				4400,
			],
			[
				"an even session",
				(peer) =>
					peer.send("session_open", {
						session: 2,
						sessionId: "s",
						nodeId: "n",
						direct: false,
					}),
				4400,
			],
			[
				"a session twice",
				(peer) => {
					peer.send("session_open", {
						session: 1,
						sessionId: "a",
						nodeId: "n",
						direct: false,
					});
					peer.send("session_open", {
						session: 1,
						sessionId: "b",
						nodeId: "n",
						direct: false,
					});
				},
				4400,
			],
			[
				"a flood of control messages",
				(peer) => {
					for (let count = 0; count < 3_000; count += 1)
						peer.send("heartbeat", {});
				},
				4429,
			],
		];

	it.each(HOSTILE)(
		"%s: closed with its code, and nobody else notices",
		async (_name, send, code) => {
			await open();
			const node = await gateway.node("n");
			const healthy = await gateway.client();
			const session = await healthy.openSession(node, "n", 1, "healthy");
			const hostile = await gateway.client();
			send(hostile);
			expect((await hostile.closed).code).toBe(code);
			healthy.sendPackets({ session: 1, body: new Uint8Array([1, 2, 3]) });
			await node.received(1);
			expect(node.packets.at(-1)).toEqual({
				session,
				body: Buffer.from([1, 2, 3]),
			});
			await expect.poll(() => gateway.door.stats.connections).toBe(2);
		},
	);

	it("drops packets of sessions that are not open, and goes on", async () => {
		await open();
		const client = await gateway.client();
		for (let session = 1; session < 2_000; session += 1)
			client.sendPackets({ session, body: new Uint8Array(8) });
		client.send("heartbeat", {});
		await client.next("heartbeat_ack");
		expect(gateway.traffic.strayPackets).toBe(1_999);
	});

	it("has no more than 1,024 sessions on one client's socket", async () => {
		await open();
		await gateway.node("n");
		const client = await gateway.client();
		for (let index = 0; index <= 1_024; index += 1)
			client.send("session_open", {
				session: 2 * index + 1,
				sessionId: `s${index}`,
				nodeId: "n",
				direct: false,
			});
		const refused = await client.next("session_close");
		expect(refused.payload).toMatchObject({
			session: 2_049,
			error: { code: "RESOURCE_EXHAUSTED" },
		});
		expect(gateway.relay.size).toBe(1_024);
	});

	it("refuses a node what only a client may say", async () => {
		await open();
		const node = await gateway.node("n");
		node.send("list", { what: "nodes" });
		expect(await closing(node)).toEqual({
			code: 4400,
			error: "INVALID_ARGUMENT",
		});
	});

	it("closes who answers no pings", async () => {
		const clock = new ManualClock();
		await open({ clock });
		const dead = await gateway.client();
		const alive = await gateway.client();
		dead.socket.pause();
		for (let turn = 0; turn < 4; turn += 1) {
			alive.send("heartbeat", {});
			await alive.next("heartbeat_ack");
			await clock.advance(15_000);
		}
		await expect.poll(() => gateway.door.stats.connections).toBe(1);
	});
});

describe("the end of the gateway", () => {
	it("is announced, and then comes with 1012", async () => {
		await open();
		const client = await gateway.client();
		const second = await gateway.client();
		gateway.door.drain("restart", 2_000);
		expect((await client.next("goaway")).payload).toEqual({
			reason: "restart",
			retryAfterMs: 2_000,
		});
		// Everybody at a time of his own, lest all come back at once.
		expect((await second.next("goaway")).payload).toMatchObject({
			retryAfterMs: 2_010,
		});
		const late = await gateway.connect("/clients");
		expect(await closing(late)).toEqual({ code: 1012, error: "UNAVAILABLE" });
		await gateway.door.close();
		expect(await client.closed).toEqual({
			code: 1012,
			reason: expect.stringContaining("(retry after 2000 ms)") as string,
		});
		expect(gateway.door.stats.connections).toBe(0);
	});

	it("comes earlier for those whose credential is revoked or has expired", async () => {
		const clock = new ManualClock();
		await open({
			clock,
			principals: [
				principal("revoked"),
				{ ...principal("expiring"), expiresAt: clock.now() + 10_000 },
			],
		});
		const revoked = await gateway.client("revoked");
		const expiring = await gateway.client("expiring");
		gateway.door.disconnect(["revoked"]);
		expect(await closing(revoked)).toEqual({
			code: 4401,
			error: "UNAUTHENTICATED",
		});
		await clock.advance(10_000);
		expect(await closing(expiring)).toEqual({
			code: 4401,
			error: "UNAUTHENTICATED",
		});
	});
});
