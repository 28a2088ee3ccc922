import { expect, it, onTestFinished } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { ManualClock } from "../time/manual-clock.js";
import { gatewayLink } from "./gateway-link.js";
import { FakeSocket, friendly, WELCOME } from "./testing/fake-socket.js";

it("is asked for once for each heartbeat, however often the load is looked at", async () => {
	const clock = new ManualClock();
	const [near, far] = memoryChannelPair();
	const gateway = new FakeSocket(far, friendly);
	let asked = 0;
	let looks = 0;
	const link = gatewayLink({
		url: "ws://gateway/nodes",
		openSocket: async () => near,
		hello: () => ({ version: 1, role: "node", agent: "test", instance: "i1" }),
		load: () => {
			looks += 1;
			return { running: 0, queued: 0, maxConcurrent: 10 };
		},
		news: () => ({ stats: { since: ++asked, rows: [] } }),
		clock,
		random: () => 0.5,
	});
	onTestFinished(() => link.close());
	await link.whenOnline();
	await clock.advance(2 * WELCOME.heartbeatIntervalMs);

	const told = gateway.received.flatMap((message) =>
		message.type === "heartbeat" ? [message.payload.stats?.since] : [],
	);
	expect(told).toEqual([1, 2, 3]);
	expect(looks).toBeGreaterThan(told.length);
});
