import { afterEach, describe, expect, it } from "vitest";
import {
	openTestGateway,
	type TestGateway,
} from "../socket/testing/test-gateway.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

async function open(): Promise<TestGateway> {
	gateway = await openTestGateway();
	return gateway;
}

describe("a slow reader", () => {
	const chunk = new Uint8Array(200_000).fill(1);

	it("has its sources paused above 1 MiB, and resumed when it has caught up", async () => {
		await open();
		const node = await gateway.node("n");
		const client = await gateway.client();
		const number = await client.openSession(node, "n", 1);
		client.socket.pause();
		// As many as a source that heeds the pause would send, kernel buffers included.
		let sent = 0;
		const paused = node.next("session_pause");
		while (gateway.traffic.pauses === 0 && sent < 200) {
			node.sendPackets({ session: number, body: chunk });
			sent += 1;
			await new Promise((resolve) =>
				node.socket.ping(undefined, undefined, resolve),
			);
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect((await paused).payload).toEqual({ session: number, paused: true });
		client.socket.resume();
		expect((await node.next("session_pause")).payload).toEqual({
			session: number,
			paused: false,
		});
		await client.received(sent);
		expect(client.packets.every(({ body }) => body.equals(chunk))).toBe(true);
	});

	it("whose source does not stop costs that session, not the reader's connection", async () => {
		await open();
		const node = await gateway.node("n");
		const client = await gateway.client();
		const number = await client.openSession(node, "n", 1);
		client.socket.pause();
		for (let count = 0; count < 150; count += 1)
			node.sendPackets({ session: number, body: chunk });
		expect((await node.next("session_close")).payload.error?.code).toBe(
			"RESOURCE_EXHAUSTED",
		);
		client.socket.resume();
		expect((await client.next("session_close")).payload.error?.code).toBe(
			"RESOURCE_EXHAUSTED",
		);
		client.send("heartbeat", {});
		await client.next("heartbeat_ack");
		expect(gateway.traffic.slowClosed).toBe(0);
	});

	it("of many sources is closed alone above 8 MiB", async () => {
		await open();
		const slow = await gateway.client();
		const healthy = await gateway.client();
		const nodes = await Promise.all(
			Array.from({ length: 6 }, (_, index) => gateway.node(`n${index}`)),
		);
		const numbers: number[] = [];
		for (const [index, node] of nodes.entries())
			numbers.push(
				await slow.openSession(
					node,
					`n${index}`,
					2 * index + 1,
					`slow${index}`,
				),
			);
		const [first] = nodes;
		const number =
			first && (await healthy.openSession(first, "n0", 1, "healthy"));
		slow.socket.pause();
		for (let count = 0; count < 30; count += 1)
			for (const [index, node] of nodes.entries())
				node.sendPackets({ session: numbers[index] ?? 0, body: chunk });
		await expect.poll(() => gateway.traffic.slowClosed).toBe(1);
		await expect.poll(() => gateway.door.stats.clients).toBe(1);
		for (const node of nodes)
			expect((await node.next("session_close")).payload.error?.code).toBe(
				"UNAVAILABLE",
			);
		first?.sendPackets({ session: number ?? 0, body: new Uint8Array([1]) });
		await healthy.received(1);
	});
});
