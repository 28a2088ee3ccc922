import { createDonorKeys, proveDonor } from "@easyremote/shared/security";
import { type Clock, ManualClock, systemClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { createKey } from "./auth/create-key.js";
import { bundleOf } from "./bundles/testing/bundle-of.js";
import type { GatewayOptions } from "./config/gateway-options.js";
import { createGateway } from "./create-gateway.js";
import type { Gateway } from "./gateway.js";
import { RawPeer } from "./socket/testing/raw-peer.js";
import { createMemoryStore } from "./store/memory-store.js";

let clock: Clock;
let gateway: Gateway;
let peers: RawPeer[] = [];

afterEach(async () => {
	for (const peer of peers) peer.terminate();
	peers = [];
	await gateway.close();
});

async function start(
	options: GatewayOptions & { readonly clock?: Clock } = {},
) {
	clock = options.clock ?? systemClock;
	gateway = createGateway({ port: 0, ...options, clock });
	await gateway.listen();
}

async function donate(nodeId = "tab-1") {
	const peer = await RawPeer.connect(
		`${gateway.url.replace("http", "ws")}/nodes/${nodeId}`,
	);
	peers.push(peer);
	const { host } = new URL(gateway.url);
	const claim = { host, nodeId, instance: "i", signedAt: clock.now() };
	const donor = await proveDonor(await createDonorKeys(), claim);
	const { connectionId } = await peer.hello("node", {
		nodeId,
		node: { kind: "donor", donor },
	});
	return { peer, connectionId };
}

const ask = (method: string, path: string, body?: unknown) =>
	fetch(gateway.url + path, {
		method,
		headers: {
			"content-type":
				typeof body === "string" ? "text/plain" : "application/json",
		},
		...(body !== undefined && {
			body: typeof body === "string" ? body : JSON.stringify(body),
		}),
	});

describe("a gateway in development mode", () => {
	it("takes donors, offers them what is published, and calls it there until it is taken back", async () => {
		await start();
		expect(
			(await ask("PUT", "/api/bundles/mandelbrot/1", bundleOf())).status,
		).toBe(201);
		expect((await ask("POST", "/api/mandelbrot/tile", {})).status).toBe(503);
		const { peer, connectionId } = await donate();
		const [offer] = (await peer.next("bundles")).payload.bundles;
		expect(
			await (await ask("GET", `/bundles/${offer?.sha256}.js`)).text(),
		).toBe(bundleOf().code);
		await peer.register("mandelbrot@1/tile");
		expect(await (await ask("GET", "/api")).json()).toMatchObject({
			functions: [{ name: "mandelbrot/tile", version: "1", nodes: ["tab-1"] }],
		});
		const call = ask("POST", "/api/mandelbrot/tile", { args: [] });
		await peer.next("session_open");
		expect((await ask("POST", "/donate/leave", connectionId)).status).toBe(204);
		expect((await call).status).toBe(503);
		await peer.closed;
		expect((await ask("DELETE", "/api/bundles/mandelbrot")).status).toBe(204);
		expect((await ask("POST", "/api/mandelbrot/tile", {})).status).toBe(404);
	});

	it("sends its donors away when the first key is made, unless donating is open", async () => {
		for (const open of [false, true]) {
			const store = createMemoryStore();
			const time = new ManualClock();
			await start({ store, donors: { open }, clock: time });
			const { peer } = await donate();
			await createKey(store, { role: "admin" }, clock.now());
			await time.advance(10_000);
			if (open) {
				expect(peer.socket.readyState).toBe(peer.socket.OPEN);
				await donate("tab-2");
			} else expect((await peer.closed).code).toBe(4401);
			await gateway.close();
		}
	});
});

it("answers whoever says that a page was closed, and takes nobody else off", async () => {
	await start();
	const { peer } = await donate();
	for (const body of ["", "unknown", "__proto__", "x".repeat(200)])
		expect((await ask("POST", "/donate/leave", body)).status).toBe(204);
	expect((await ask("POST", "/donate/leave", "x".repeat(1_000))).status).toBe(
		413,
	);
	expect(peer.socket.readyState).toBe(peer.socket.OPEN);
});
