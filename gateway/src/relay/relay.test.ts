import { afterEach, describe, expect, it } from "vitest";
import type { RawPeer } from "../socket/testing/raw-peer.js";
import {
	openTestGateway,
	principal,
	type TestGateway,
	type TestGatewayOptions,
} from "../socket/testing/test-gateway.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

async function open(options?: TestGatewayOptions): Promise<TestGateway> {
	gateway = await openTestGateway(options);
	return gateway;
}

const bytes = (...values: number[]) => new Uint8Array(values);
const filled = (length: number, value: number) =>
	new Uint8Array(length).fill(value);

function bodies(peer: RawPeer): number[][] {
	return peer.packets.map(({ body }) => [...body]);
}

describe("opening a session", () => {
	it("stamps the caller, whatever the client claims, and passes the node's answer on", async () => {
		await open({ principals: [principal("alice", "call:gpu.*")] });
		const node = await gateway.node("gpu");
		const client = await gateway.client("alice");
		const id = client.send("session_open", {
			session: 7,
			sessionId: "secret",
			nodeId: "gpu",
			direct: true,
			caller: {
				id: "root",
				subject: "root",
				anonymous: false,
				grants: ["admin"],
			},
		});
		const { payload } = await node.next("session_open");
		expect(payload).toEqual({
			session: 2,
			sessionId: "secret",
			nodeId: "gpu",
			direct: true,
			caller: {
				id: "alice",
				subject: "alice",
				anonymous: false,
				grants: ["call:gpu.*"],
			},
		});
		node.send("session_opened", { session: 2, direct: false });
		expect(await client.next("session_opened")).toMatchObject({
			replyTo: id,
			payload: { session: 7, direct: false },
		});
	});

	it("lets packets follow in the same message", async () => {
		await open();
		const node = await gateway.node("gpu");
		const client = await gateway.client();
		client.sendPackets(
			client.control("session_open", {
				session: 1,
				sessionId: "s",
				nodeId: "gpu",
				direct: false,
			}),
			{ session: 1, body: bytes(1) },
			{ session: 1, body: bytes(2) },
		);
		await node.received(2);
		expect(node.packets.map(({ session }) => session)).toEqual([2, 2]);
		expect(bodies(node)).toEqual([[1], [2]]);
	});

	it.each([
		["a node that does not exist", "gpx", "NOT_FOUND"],
		["a node it may not see", "hidden", "NOT_FOUND"],
		["a node that is gone", "gone", "UNAVAILABLE"],
	])("is refused for %s", async (_case, nodeId, code) => {
		await open({
			principals: [principal("alice", "call:gpu.*", "call:gone.*")],
		});
		await gateway.node("gpu");
		await gateway.node("hidden");
		const gone = await gateway.node("gone");
		gone.terminate();
		await expect.poll(() => gateway.door.stats.nodes).toBe(2);
		const client = await gateway.client("alice");
		const id = client.send("session_open", {
			session: 1,
			sessionId: "s",
			nodeId,
			direct: false,
		});
		expect(await client.next("session_close")).toMatchObject({
			replyTo: id,
			payload: { session: 1, error: { code } },
		});
		expect(gateway.relay.size).toBe(0);
	});

	it("passes the node's refusal on", async () => {
		await open();
		const node = await gateway.node("gpu");
		const client = await gateway.client();
		client.send("session_open", {
			session: 1,
			sessionId: "s",
			nodeId: "gpu",
			direct: false,
		});
		const { payload } = await node.next("session_open");
		node.send("session_close", {
			session: payload.session,
			error: { code: "RESOURCE_EXHAUSTED", message: "too many sessions" },
		});
		expect((await client.next("session_close")).payload).toMatchObject({
			session: 1,
			error: { code: "RESOURCE_EXHAUSTED", message: "too many sessions" },
		});
	});

	it("may be repeated by the same principal over another socket, and by nobody else", async () => {
		await open({ principals: [principal("mallory", "call:*")] });
		const node = await gateway.node("gpu");
		const before = await gateway.client();
		const number = await before.openSession(node, "gpu", 1, "lasting");
		const mallory = await gateway.client("mallory");
		mallory.send("session_open", {
			session: 1,
			sessionId: "lasting",
			nodeId: "gpu",
			direct: false,
		});
		expect((await mallory.next("session_close")).payload.error?.code).toBe(
			"PERMISSION_DENIED",
		);
		const after = await gateway.client();
		after.send("session_open", {
			session: 1,
			sessionId: "lasting",
			nodeId: "gpu",
			direct: true,
		});
		expect((await node.next("session_close")).payload).toMatchObject({
			session: number,
			error: { details: { reason: "peer_lost" } },
		});
		expect((await node.next("session_open")).payload).toMatchObject({
			session: number + 2,
			sessionId: "lasting",
		});
		// The former path's own close comes too late to end the session.
		before.send("session_close", { session: 1 });
		before.send("heartbeat", {});
		await before.next("heartbeat_ack");
		expect(node.controls).toEqual([]);
	});
});

describe("relayed packets", () => {
	it("arrive in order, whoever they share messages with", async () => {
		await open();
		const nodes = [await gateway.node("a"), await gateway.node("b")] as const;
		const client = await gateway.client();
		const numbers = [
			await client.openSession(nodes[0], "a", 1),
			await client.openSession(nodes[1], "b", 3),
		];
		const large = filled(200_000, 9);
		client.sendPackets(
			{ session: 1, body: bytes(1) },
			{ session: 3, body: bytes(2) },
			{ session: 99, body: bytes(0) },
			{ session: 1, body: large },
			{ session: 1, body: bytes(3) },
			client.control("heartbeat", {}),
			{ session: 3, body: new Uint8Array() },
			{ session: 3, body: bytes(4) },
		);
		await nodes[0].received(3);
		await nodes[1].received(3);
		expect(
			nodes[0].packets.every(({ session }) => session === numbers[0]),
		).toBe(true);
		expect(
			nodes[1].packets.every(({ session }) => session === numbers[1]),
		).toBe(true);
		expect(nodes[0].packets.map(({ body }) => body.length)).toEqual([
			1, 200_000, 1,
		]);
		expect(nodes[0].packets[1]?.body.equals(large)).toBe(true);
		expect(bodies(nodes[1])).toEqual([[2], [], [4]]);
		nodes[0].sendPackets({ session: numbers[0] ?? 0, body: bytes(5) });
		nodes[1].sendPackets({ session: numbers[1] ?? 0, body: bytes(6) });
		await client.received(2);
		expect(
			client.packets.map(({ session, body }) => [session, ...body]).sort(),
		).toEqual([
			[1, 5],
			[3, 6],
		]);
	});

	it("from many clients share messages towards the node, and none is lost", async () => {
		await open();
		const node = await gateway.node("n");
		const clients = await Promise.all(
			Array.from({ length: 20 }, () => gateway.client()),
		);
		const numbers = new Map<number, number>();
		for (const [index, client] of clients.entries())
			numbers.set(await client.openSession(node, "n", 1, `c${index}`), index);
		const before = node.messages;
		for (let round = 0; round < 50; round += 1)
			for (const [index, client] of clients.entries())
				client.sendPackets({ session: 1, body: bytes(index, round) });
		await node.received(1_000);
		const next = new Map<number, number>();
		for (const { session, body } of node.packets) {
			expect(body[0]).toBe(numbers.get(session));
			expect(body[1]).toBe(next.get(session) ?? 0);
			next.set(session, (next.get(session) ?? 0) + 1);
		}
		expect(node.messages - before).toBeLessThan(700);
		expect(gateway.traffic).toMatchObject({
			relayedPackets: 1_000,
			relayedBytes: 2_000,
		});
		expect(gateway.relay.report()[0]).toMatchObject({
			nodeId: "n",
			packetsUp: 50,
			bytesUp: 100,
			bytesDown: 0,
		});
	});
});

describe("the end of a session", () => {
	it("is told to the other side, once", async () => {
		await open();
		const node = await gateway.node("n");
		const client = await gateway.client();
		const number = await client.openSession(node, "n", 1);
		client.send("session_close", { session: 1 });
		client.send("session_close", { session: 1 });
		expect((await node.next("session_close")).payload).toEqual({
			session: number,
		});
		node.sendPackets({ session: number, body: bytes(1) });
		node.send("heartbeat", {});
		await node.next("heartbeat_ack");
		expect(client.packets).toEqual([]);
		expect(gateway.relay.size).toBe(0);
	});

	it.each(["client", "node"] as const)(
		"comes as peer_lost when the %s's socket is gone",
		async (who) => {
			await open();
			const node = await gateway.node("n");
			const client = await gateway.client();
			const number = await client.openSession(node, "n", 1);
			(who === "client" ? client : node).terminate();
			const told = await (who === "client" ? node : client).next(
				"session_close",
			);
			expect(told.payload).toMatchObject({
				session: who === "client" ? number : 1,
				error: {
					code: "UNAVAILABLE",
					retryable: true,
					details: { reason: "peer_lost" },
				},
			});
		},
	);

	it("comes to the callers of a node that connects anew, which then serves them again", async () => {
		await open();
		const before = await gateway.node("n");
		const client = await gateway.client();
		await client.openSession(before, "n", 1);
		const after = await gateway.node("n");
		expect((await before.closed).code).toBe(4409);
		expect(
			(await client.next("session_close")).payload.error?.details?.["reason"],
		).toBe("peer_lost");
		await client.openSession(after, "n", 3);
		expect(gateway.door.stats.nodes).toBe(1);
	});

	it("a node id stays with its first identity", async () => {
		await open({ principals: [principal("other", "node:*")] });
		const first = await gateway.node("n");
		await expect(gateway.node("n", ["add"], "other")).rejects.toThrow("closed");
		first.send("heartbeat", {});
		await first.next("heartbeat_ack");
	});
});
