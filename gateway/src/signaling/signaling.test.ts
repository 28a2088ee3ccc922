import { afterEach, describe, expect, it } from "vitest";
import {
	openTestGateway,
	principal,
	type TestGateway,
} from "../socket/testing/test-gateway.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

async function open(): Promise<TestGateway> {
	gateway = await openTestGateway();
	return gateway;
}

describe("signals", () => {
	const candidate = {
		kind: "candidate",
		candidate: "candidate:1",
		sdpMid: "0",
		sdpMLineIndex: 0,
	} as const;

	it("pass between both ends under each one's number", async () => {
		await open();
		const node = await gateway.node("n");
		const client = await gateway.client();
		const number = await client.openSession(node, "n", 5);
		client.send("signal", { session: 5, attempt: 1, signal: candidate });
		expect((await node.next("signal")).payload).toEqual({
			session: number,
			attempt: 1,
			signal: candidate,
		});
		node.send("signal", {
			session: number,
			attempt: 1,
			signal: { kind: "request" },
		});
		expect((await client.next("signal")).payload).toEqual({
			session: 5,
			attempt: 1,
			signal: { kind: "request" },
		});
	});

	it("are refused in sessions without a direct path, and when there are too many", async () => {
		await open();
		const node = await gateway.node("n");
		const client = await gateway.client();
		client.send("session_open", {
			session: 1,
			sessionId: "relay-only",
			nodeId: "n",
			direct: false,
		});
		await node.next("session_open");
		client.send("signal", { session: 1, attempt: 1, signal: candidate });
		expect((await client.next("error")).payload.code).toBe("PERMISSION_DENIED");
		await client.openSession(node, "n", 3);
		for (let count = 0; count < 150; count += 1)
			client.send("signal", { session: 3, attempt: 1, signal: candidate });
		expect((await client.next("error")).payload.code).toBe(
			"RESOURCE_EXHAUSTED",
		);
		client.send("heartbeat", {});
		await client.next("heartbeat_ack");
	});

	it("pass in sessions that were let in only", async () => {
		gateway = await openTestGateway({
			principals: [principal("anna", "call:n.add"), principal("bob", "call:x")],
		});
		const node = await gateway.node("n");
		const bob = await gateway.client("bob");
		const opening = { session: 1, sessionId: "b", nodeId: "n", direct: true };
		bob.send("session_open", opening);
		bob.send("signal", { session: 1, attempt: 1, signal: candidate });
		const { error } = (await bob.next("session_close")).payload;
		expect(error?.code).toBe("NOT_FOUND");
		// A session of somebody else has no number here.
		const anna = await gateway.client("anna");
		const number = await anna.openSession(node, "n", 3);
		for (const session of [1, 3, number])
			bob.send("signal", { session, attempt: 1, signal: candidate });
		bob.send("heartbeat", {});
		await bob.next("heartbeat_ack");
		anna.send("signal", { session: 3, attempt: 7, signal: candidate });
		expect((await node.next("signal")).payload.attempt).toBe(7);
		expect(gateway.traffic.signals).toBe(1);
	});
});
