import { ManualClock } from "@easyremote/shared/time";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { createGateway } from "../create-gateway.js";
import type { Gateway } from "../gateway.js";
import { RawPeer } from "../socket/testing/raw-peer.js";
import { turnCredentials } from "./turn-credentials.js";

const SECRET = "between gateway and TURN server";
const TURN = "turn:turn.example.com";

let gateway: Gateway;
const peers: RawPeer[] = [];
afterEach(async () => {
	for (const peer of peers.splice(0)) peer.terminate();
	await gateway.close();
});

async function connect(door: string): Promise<RawPeer> {
	const url = `${gateway.url.replace("http", "ws")}${door}`;
	const peer = await RawPeer.connect(url);
	peers.push(peer);
	return peer;
}

it("a client and a node get credentials, fresh ones before those run out, and nobody sees the secret", async () => {
	const clock = new ManualClock();
	let logged = "";
	gateway = createGateway({
		port: 0,
		clock,
		ice: { stun: false, turn: { urls: TURN, secret: SECRET, ttl: "2m" } },
		logger: pino(
			{ level: "trace" },
			{ write: (line) => void (logged += line) },
		),
	});
	await gateway.listen();
	const client = await connect("/clients");
	const node = await connect("/nodes/worker");
	const { principal, iceServers } = await client.hello("client");
	const told = [
		iceServers,
		(await node.hello("node", { nodeId: "worker" })).iceServers,
	];
	const madeNow = () => [
		{
			urls: TURN,
			...turnCredentials(SECRET, principal.id, clock.now() + 120_000),
		},
	];
	expect(told).toEqual([madeNow(), madeNow()]);

	const beat = async () => {
		const answers: unknown[] = [];
		for (const peer of [client, node]) {
			peer.send("heartbeat", {});
			const { payload } = await peer.next("heartbeat_ack");
			answers.push(payload.iceServers);
		}
		return answers;
	};
	expect(await beat()).toEqual([undefined, undefined]);
	for (let beats = 0; beats < 5; beats += 1) {
		await clock.advance(10_000);
		expect(await beat()).toEqual([undefined, undefined]);
	}
	await clock.advance(10_000);
	expect(await beat()).toEqual([madeNow(), madeNow()]);
	expect(await beat()).toEqual([undefined, undefined]);

	const report = await fetch(`${gateway.url}/api/report`);
	expect(report.status).toBe(200);
	const seen = [
		logged,
		await report.text(),
		JSON.stringify([...client.controls, ...node.controls, ...told]),
	];
	expect(seen.join("")).not.toContain(SECRET);
	// The log works: what it does not hold was not written.
	expect(logged).not.toBe("");
});
