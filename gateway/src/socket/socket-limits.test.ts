import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import type { GatewayLimits } from "../config/gateway-limits.js";
import { descriptor, type RawPeer } from "./testing/raw-peer.js";
import { openTestGateway, type TestGateway } from "./testing/test-gateway.js";

/** Each test exceeds one limit, set low, while a healthy client goes on. */
let gateway: TestGateway;
let node: RawPeer;
let healthy: RawPeer;
let session: number;

afterEach(() => gateway.close());

async function open(
	limits: Partial<GatewayLimits>,
	clock?: ManualClock,
): Promise<void> {
	gateway = await openTestGateway({ limits, ...(clock && { clock }) });
	node = await gateway.node("n");
	healthy = await gateway.client();
	session = await healthy.openSession(node, "n", 1, "healthy");
}

/** The healthy client is still there, and so is its session. */
async function goesOn(): Promise<void> {
	const sent = node.packets.length;
	healthy.sendPackets({ session: 1, body: new Uint8Array([7]) });
	await node.received(sent + 1);
	expect(node.packets.at(-1)).toMatchObject({ session });
	healthy.send("heartbeat", {});
	await healthy.next("heartbeat_ack");
}

/** What the gateway said before it closed, and how. */
async function closing(peer: RawPeer) {
	const { code } = await peer.closed;
	const said = peer.controls.find(({ type }) => type === "error");
	return [code, said?.type === "error" ? said.payload.code : undefined];
}

it("controlBurst: who says too much at once is closed with 4429", async () => {
	await open({ controlBurst: 10, controlsPerSecond: 1 });
	const talker = await gateway.client();
	for (let count = 0; count < 20; count += 1) talker.send("heartbeat", {});
	expect(await closing(talker)).toEqual([4429, "RESOURCE_EXHAUSTED"]);
	await goesOn();
});

it("maxControlBytes: a larger control message closes its socket", async () => {
	await open({ maxControlBytes: 4_096 });
	const large = await gateway.client();
	large.send("route", {
		query: { tags: Array.from({ length: 60 }, () => "x".repeat(100)) },
	});
	expect(await closing(large)).toEqual([4400, "INVALID_ARGUMENT"]);
	await goesOn();
});

it("maxSessionsPerClient: one more is refused, the socket stays", async () => {
	await open({ maxSessionsPerClient: 2 });
	const greedy = await gateway.client();
	for (const number of [1, 3, 5])
		greedy.send("session_open", {
			session: number,
			sessionId: `greedy${number}`,
			nodeId: "n",
			direct: false,
		});
	const { payload } = await greedy.next("session_close");
	expect(payload).toMatchObject({
		session: 5,
		error: { code: "RESOURCE_EXHAUSTED", details: { limit: 2 } },
	});
	expect(gateway.relay.size).toBe(3);
	await goesOn();
});

it("maxRoutesPerClient: one more is refused, and one dropped makes room", async () => {
	await open({ maxRoutesPerClient: 1 });
	const curious = await gateway.client();
	const ask = (name: string) =>
		curious.send("route", { query: { function: name } });
	ask("a");
	await curious.next("route_update");
	const second = ask("b");
	expect(await curious.next("error")).toMatchObject({
		replyTo: second,
		payload: { code: "RESOURCE_EXHAUSTED" },
	});
	curious.send("route_drop", { query: { function: "a" } });
	ask("b");
	await curious.next("route_update");
	expect(gateway.routes.size).toBe(1);
	await goesOn();
});

it("maxFunctionsPerNode: what is too much is refused as a whole", async () => {
	await open({ maxFunctionsPerNode: 2 });
	const other = await gateway.node("other", ["a", "b"]);
	other.send("register_function", { functions: [descriptor("c")] });
	expect((await other.next("error")).payload.code).toBe("RESOURCE_EXHAUSTED");
	await other.register("b");
	await goesOn();
});

it("maxFunctionBytesPerNode: small functions with large schemas count", async () => {
	await open({ maxFunctionBytesPerNode: 10_000 });
	const other = await gateway.node("other", ["a"]);
	const large = (name: string) =>
		descriptor(name, { input: { description: "x".repeat(6_000) } });
	await other.register(large("b"));
	other.send("register_function", { functions: [large("c")] });
	expect((await other.next("error")).payload.code).toBe("RESOURCE_EXHAUSTED");
	await other.register(large("b"));
	await goesOn();
});

it("signalBurst: more signals on a session are refused, and not passed on", async () => {
	await open({ signalBurst: 3, signalsPerSecond: 1 });
	const noisy = await gateway.client();
	const number = await noisy.openSession(node, "n", 1, "noisy");
	for (let attempt = 0; attempt < 10; attempt += 1)
		noisy.send("signal", {
			session: 1,
			attempt,
			signal: { kind: "request" },
		});
	expect((await noisy.next("error")).payload).toMatchObject({
		code: "RESOURCE_EXHAUSTED",
		details: { retryAfterMs: 1_000 },
	});
	expect((await node.next("signal")).payload.session).toBe(number);
	expect(gateway.traffic.signals).toBe(3);
	await goesOn();
});

describe("liveness", () => {
	it("pingIntervalMs, maxMissedPings: who answers none is cut in time", async () => {
		const clock = new ManualClock();
		await open({ pingIntervalMs: 1_500, maxMissedPings: 1 }, clock);
		const dead = await gateway.client();
		dead.socket.pause();
		for (let turn = 0; turn < 2; turn += 1) {
			await clock.advance(1_500);
			for (const peer of [node, healthy]) {
				peer.send("heartbeat", {});
				await peer.next("heartbeat_ack");
			}
		}
		await expect.poll(() => gateway.door.stats.connections).toBe(2);
		await goesOn();
	});
});

describe("a slow reader", () => {
	const chunk = new Uint8Array(200_000);

	it("pauseAboveBytes: its source is paused earlier", async () => {
		await open({ pauseAboveBytes: 64 * 1024 });
		const slow = await gateway.client();
		const number = await slow.openSession(node, "n", 1, "slow");
		slow.socket.pause();
		const paused = node.next("session_pause");
		for (let sent = 0; gateway.traffic.pauses === 0 && sent < 200; sent += 1) {
			node.sendPackets({ session: number, body: chunk });
			await new Promise((resolve) =>
				node.socket.ping(undefined, undefined, resolve),
			);
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect((await paused).payload).toEqual({ session: number, paused: true });
		slow.socket.resume();
		expect((await node.next("session_pause")).payload.paused).toBe(false);
		await goesOn();
	});

	it("maxUnheededBytes: a source that does not heed the pause loses the session", async () => {
		await open({ pauseAboveBytes: 64 * 1024, maxUnheededBytes: 1_048_576 });
		const slow = await gateway.client();
		const number = await slow.openSession(node, "n", 1, "slow");
		slow.socket.pause();
		for (let sent = 0; sent < 100; sent += 1)
			node.sendPackets({ session: number, body: chunk });
		expect((await node.next("session_close")).payload).toMatchObject({
			session: number,
			error: { code: "RESOURCE_EXHAUSTED" },
		});
		await goesOn();
	});

	it("maxBufferedBytes: it is closed alone", async () => {
		await open({ maxBufferedBytes: 1_500_000 });
		const slow = await gateway.client();
		const number = await slow.openSession(node, "n", 1, "slow");
		slow.socket.pause();
		for (let sent = 0; sent < 100; sent += 1)
			node.sendPackets({ session: number, body: chunk });
		await expect.poll(() => gateway.traffic.slowClosed).toBe(1);
		await goesOn();
	});

	it("stalledTimeoutMs: so it is when nothing has moved for so long", async () => {
		const clock = new ManualClock();
		await open({ stalledTimeoutMs: 2_000, maxMissedPings: 100 }, clock);
		const slow = await gateway.client();
		const number = await slow.openSession(node, "n", 1, "slow");
		slow.socket.pause();
		// Until more waits than the operating system takes.
		for (let sent = 0; gateway.traffic.pauses === 0 && sent < 200; sent += 1) {
			node.sendPackets({ session: number, body: chunk });
			await new Promise((resolve) =>
				node.socket.ping(undefined, undefined, resolve),
			);
			await new Promise((resolve) => setImmediate(resolve));
		}
		await node.next("session_pause");
		for (const peer of [node, healthy]) {
			peer.send("heartbeat", {});
			await peer.next("heartbeat_ack");
		}
		await clock.advance(2_000);
		await expect.poll(() => gateway.traffic.slowClosed).toBe(1);
		await goesOn();
	});
});

it("callsPerMinute: nodes are told what to hold clients to", async () => {
	await open({ callsPerMinute: 30 });
	const client = await gateway.client();
	client.send("session_open", {
		session: 1,
		sessionId: "counted",
		nodeId: "n",
		direct: false,
		// Whatever a client says of itself is not passed on.
		caller: { id: "x", subject: "x", anonymous: false, grants: ["admin"] },
	});
	expect((await node.next("session_open")).payload.caller).toEqual({
		id: "everything",
		subject: "everything",
		anonymous: false,
		grants: ["call:*", "node:*"],
		quota: { key: "everything", callsPerMinute: 30 },
	});
});
