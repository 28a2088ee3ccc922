import type { CallMeta } from "@easyremote/client";
import { PROTOCOL } from "@easyremote/shared/protocol";
import { afterEach, describe, expect, it } from "vitest";
import type { Child } from "../support/child.js";
import { Coturn, missingCoturn } from "../support/coturn.js";
import {
	missingNamespaces,
	type Nat,
	NatBench,
	type Side,
} from "../support/nat-bench.js";

const MIB = 1024 ** 2;
/** In which a hopeless path is given up for the relay, ms. */
const SETTLED_MS = 5_000;
/** What a busy machine adds to that, ms. */
const SLACK_MS = 1_500;

let bench: NatBench | undefined;
let coturn: Coturn | undefined;
afterEach(async () => {
	try {
		await coturn?.close();
	} finally {
		await bench?.close();
		bench = undefined;
		coturn = undefined;
	}
});

/** A gateway on the public network, a node on host b, and a client on host a, connected. */
async function start(
	nats: Readonly<Record<Side, Nat>>,
	ice: object = {},
	peers: object = {},
	nodeOnly: object = peers,
) {
	bench ??= NatBench.create(nats);
	const gateway = bench.start("gateway", "public");
	const { port, key } = await gateway.ask<{ port: number; key: string }>(
		"listen",
		{ host: "0.0.0.0", ice },
	);
	const reached = { gateway: `http://${bench.publicAddress}:${port}`, key };
	const node = bench.start("node", "b");
	await node.ask("serve", { ...reached, ...nodeOnly, id: "worker" });
	const client = bench.start("client", "a");
	await client.ask("connect", { ...reached, ...peers });
	return { bench, client };
}

const settle = (client: Child, forMs: number) =>
	client.ask<CallMeta>("settle", { nodeId: "worker", forMs });

const why = missingNamespaces();
if (why !== undefined) process.stderr.write(`NATs are not tested: ${why}\n`);

describe.skipIf(why !== undefined)("across NATs", () => {
	it("connects directly when both are cones, by the built-in STUN", async () => {
		const { client } = await start({ a: "cone", b: "cone" });
		const meta = await settle(client, 30_000);
		expect(meta.transport).toBe("direct");
		expect(meta.candidate).toMatch(/srflx|prflx/);
	});

	it("settles on the relay when both are symmetric", async () => {
		const { client } = await start({ a: "symmetric", b: "symmetric" });
		// Bulk is what waits for a direct path: not for ever.
		const echo = { nodeId: "worker", bytes: MIB };
		const waitedMs = await client.ask<number>("startEcho", echo);
		expect(waitedMs).toBeLessThan(SETTLED_MS + SLACK_MS);
		expect(await client.ask("echoed")).toBe(true);
		expect((await settle(client, 0)).transport).toBe("relay");
		expect(await client.ask("explain", "worker")).toMatch(
			/symmetric NAT or a firewall.*; configure a TURN server/,
		);
	});

	const noTurn = missingCoturn();
	it.skipIf(noTurn !== undefined).each([
		["when both are symmetric", "symmetric", {}],
		["when both keep their addresses", "cone", { iceTransportPolicy: "relay" }],
		["when the client keeps its", "cone", { iceTransportPolicy: "relay" }, {}],
		["when the node keeps its", "cone", {}, { iceTransportPolicy: "relay" }],
	] as const)(
		`connects by TURN %s${noTurn === undefined ? "" : `: ${noTurn}`}`,
		async (_when, nat, peers, nodeOnly: object = peers) => {
			const nats = { a: nat, b: nat };
			bench = NatBench.create(nats);
			coturn = await Coturn.start("secret", {
				address: bench.publicAddress,
				under: bench.within("public"),
			});
			const turn = { urls: coturn.url, secret: "secret" };
			const { client } = await start(nats, { turn }, peers, nodeOnly);
			expect(await settle(client, 30_000)).toMatchObject({
				transport: "direct",
				candidate: "relay",
			});
			// Who hides is asked nothing directly, and asks nobody.
			const hidden = [peers, nodeOnly].some(
				(its) => "iceTransportPolicy" in its,
			);
			expect(bench.packetsFrom("a") === 0).toBe(hidden);
			expect(bench.packetsFrom("b") === 0).toBe(hidden);
		},
	);

	it("falls to the relay where UDP is blocked", async () => {
		const { client } = await start({ a: "no-udp", b: "cone" });
		expect((await settle(client, SETTLED_MS)).transport).toBe("relay");
		await client.ask("startEcho", { nodeId: "worker", bytes: MIB });
		expect(await client.ask("echoed")).toBe(true);
		expect(await client.ask("explain", "worker")).toMatch(
			/^no UDP answer from stun:\S+ in [\d.]+ s: UDP looks blocked here .*; open \d+\/udp to /,
		);
	});

	it("brings 64 MiB across when the interface of the direct path goes down, and finds another path when it is back with another address", async () => {
		bench = NatBench.create({ a: "no-udp", b: "no-udp" });
		bench.addCable();
		const { client } = await start({ a: "no-udp", b: "no-udp" });
		expect(await settle(client, 30_000)).toMatchObject({ transport: "direct" });
		await client.ask("startEcho", { nodeId: "worker", bytes: 64 * MIB });
		bench.cable(false);
		expect(await client.ask("echoed")).toBe(true);
		expect((await settle(client, 0)).transport).toBe("relay");
		bench.cable(true);
		expect((await settle(client, 30_000)).transport).toBe("direct");
	});

	it.each([
		["client", "a"],
		["node", "b"],
	] as const)(
		"goes on, and finds a new direct path, when the %s gets another address",
		async (_who, side) => {
			const { bench, client } = await start({ a: "cone", b: "cone" });
			expect(await settle(client, 30_000)).toMatchObject({
				transport: "direct",
			});
			bench.renumber(side);
			const { ms } = await client.ask<{ ms: number }>("reconnect", "worker");
			// Neither end waits until heartbeats are missed.
			expect(ms).toBeLessThan(PROTOCOL.heartbeatIntervalMs);
			const meta = await settle(client, 30_000);
			expect(meta).toMatchObject({ transport: "direct" });
			expect(meta.candidate).toMatch(/srflx|prflx/);
		},
	);
});
