import type { EasyRemoteError } from "@easyremote/shared/errors";
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

describe("a session opened in the gateway itself", () => {
	const request = {
		sessionId: "local",
		nodeId: "n",
		principal: principal("rest", "call:*"),
	};

	it("carries messages both ways, and ends on either side", async () => {
		await open();
		const node = await gateway.node("n");
		const relay = gateway.relay.openLocal(request);
		const heard: number[][] = [];
		const closed = new Promise<EasyRemoteError | undefined>((resolve) => {
			relay.channel.start({
				message: (message) => heard.push([...message]),
				drained: () => undefined,
				closed: resolve,
			});
		});
		relay.channel.send(new Uint8Array([1, 2]));
		const { payload } = await node.next("session_open");
		expect(payload).toMatchObject({
			sessionId: "local",
			direct: false,
			caller: { id: "rest" },
		});
		node.send("session_opened", { session: payload.session, direct: true });
		expect(await relay.answer).toEqual({ kind: "taken", direct: false });
		await node.received(1);
		expect(node.packets.map(({ body }) => [...body])).toEqual([[1, 2]]);
		node.sendPackets({ session: payload.session, body: new Uint8Array([3]) });
		await expect.poll(() => heard).toEqual([[3]]);
		node.terminate();
		expect((await closed)?.details?.["reason"]).toBe("peer_lost");
		expect(gateway.relay.size).toBe(0);
	});

	it("is refused as any other", async () => {
		await open();
		const relay = gateway.relay.openLocal({ ...request, nodeId: "missing" });
		expect(await relay.answer).toMatchObject({
			kind: "refused",
			error: { code: "NOT_FOUND" },
		});
	});

	it("tells the node when it is closed", async () => {
		await open();
		const node = await gateway.node("n");
		const relay = gateway.relay.openLocal(request);
		const { payload } = await node.next("session_open");
		relay.close();
		expect((await node.next("session_close")).payload).toEqual({
			session: payload.session,
		});
		expect(await relay.answer).toEqual({ kind: "lost" });
	});
});
