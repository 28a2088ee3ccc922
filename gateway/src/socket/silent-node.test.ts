import { ManualClock } from "@easyremote/shared/time";
import { afterEach, expect, it } from "vitest";
import { openTestGateway, type TestGateway } from "./testing/test-gateway.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

it("gives up a node that is silent for two heartbeats: callers hear at once, its late answers go nowhere", async () => {
	const clock = new ManualClock();
	gateway = await openTestGateway({ clock });
	const mute = await gateway.node("mute");
	const awake = await gateway.node("awake");
	const client = await gateway.client();
	const toMute = await client.openSession(mute, "mute", 1);
	const toAwake = await client.openSession(awake, "awake", 3);
	for (let second = 0; second < 23; second += 1) {
		awake.send("heartbeat", {});
		await awake.next("heartbeat_ack");
		await clock.advance(1_000);
	}
	const { payload } = await client.next("session_close");
	expect(payload).toMatchObject({
		session: 1,
		error: { code: "UNAVAILABLE", details: { reason: "node_lost" } },
	});
	mute.sendPackets({ session: toMute, body: new Uint8Array([1]) });
	awake.sendPackets({ session: toAwake, body: new Uint8Array([2]) });
	await client.received(1);
	expect(client.packets).toEqual([{ session: 3, body: Buffer.from([2]) }]);
	expect((await mute.closed).reason).toContain("heartbeats");
	client.send("session_open", {
		session: 5,
		sessionId: "again",
		nodeId: "mute",
		direct: false,
	});
	expect((await client.next("session_close")).payload).toMatchObject({
		session: 5,
		error: { code: "UNAVAILABLE" },
	});
});
