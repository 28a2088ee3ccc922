// What the far end learns of a peer with `iceTransportPolicy: "relay"`, where a TURN server makes direct paths possible.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { Coturn, missingCoturn, ownAddress } from "../support/coturn.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";
import { tappedRtc } from "../support/tapped-rtc.js";

const SECRET = "shared between gateway and TURN server";
const privately = { iceTransportPolicy: "relay" } as const;

let network: Network | undefined;
let coturn: Coturn | undefined;
afterEach(async () => {
	await network?.close();
	await coturn?.close();
	network = undefined;
	coturn = undefined;
});

async function start(): Promise<Network> {
	coturn = await Coturn.start(SECRET, { address: ownAddress() });
	network = Network.prepare({
		ice: { turn: { urls: coturn.url, secret: SECRET } },
	});
	await addTestPage(network.gateway);
	await network.listen();
	return network;
}

const why = missingCoturn();
if (why !== undefined)
	process.stderr.write(`Hidden addresses are not tested: ${why}\n`);

describe.skipIf(why !== undefined)("a peer that hides its addresses", () => {
	it("tells a node of relayed ones only, be it the client", async () => {
		const { rtc, candidates, descriptions } = tappedRtc();
		const { node, client } = await start().then(async (net) => ({
			node: await net.node(functions, { id: "worker", rtc }),
			client: net.client({ transport: "direct", ...privately }),
		}));
		expect(await client.node<typeof functions>(node.id).add(1, 2)).toBe(3);
		expectRelayedOnly(candidates, descriptions);
	});

	it("tells a client of relayed ones only, be it the node", async () => {
		const { rtc, candidates, descriptions } = tappedRtc();
		const net = await start();
		await net.node(functions, { id: "worker", ...privately });
		const client = net.client({ transport: "direct", rtc });
		expect(await client.node<typeof functions>("worker").add(1, 2)).toBe(3);
		expectRelayedOnly(candidates, descriptions);
	});

	describe("in a browser", () => {
		let browser: Browser;
		beforeAll(async () => {
			browser = await launchChromium();
		});
		afterAll(() => browser.close());

		it("tells a node of relayed ones only, be it the client", async () => {
			const { rtc, candidates, descriptions } = tappedRtc();
			const net = await start();
			await net.node(functions, { id: "worker", rtc });
			const { page } = net.own(await openPage(browser, net.url));
			const sum = await page.evaluate(() => {
				const client = window.easyremote.createClient({
					gateway: location.origin,
					transport: "direct",
					iceTransportPolicy: "relay",
				});
				return client.node<typeof functions>("worker").add(1, 2);
			});
			expect(sum).toBe(3);
			expectRelayedOnly(candidates, descriptions);
		});

		it("tells a client of relayed ones only, be it the node", async () => {
			const { rtc, candidates, descriptions } = tappedRtc();
			const net = await start();
			const { page } = net.own(await openPage(browser, net.url));
			await page.evaluate(async () => {
				const node = window.browserNode.createBrowserNode({
					gateway: location.origin,
					id: "worker",
					module: new URL("/test/functions.js", location.href),
					iceTransportPolicy: "relay",
				});
				await node.start();
			});
			const client = net.client({ transport: "direct", rtc });
			expect(await client.node<typeof functions>("worker").add(1, 2)).toBe(3);
			expectRelayedOnly(candidates, descriptions);
		});
	});

	it("sends nothing to where a far end says that it has a relayed address", async () => {
		const trap = createSocket("udp4");
		trap.bind(0, "127.0.0.1");
		await once(trap, "listening");
		let caught = 0;
		trap.on("message", () => {
			caught += 1;
		});
		const { port } = trap.address();
		const { rtc } = tappedRtc([
			`candidate:9 1 UDP 2130706431 localhost ${port} typ relay`,
		]);
		const net = await start();
		net.own({ close: () => new Promise((done) => trap.close(() => done())) });
		await net.node(functions, { id: "worker", rtc });
		const client = net.client({ transport: "direct", ...privately });
		const worker = client.node<typeof functions>("worker");
		for (let call = 0; call < 100; call += 1) await worker.add(1, 2);
		expect(caught).toBe(0);
	});
});

function expectRelayedOnly(
	candidates: readonly string[],
	descriptions: readonly string[],
): void {
	expect(candidates.length).toBeGreaterThan(0);
	for (const candidate of candidates) {
		expect(candidate).toMatch(/ typ relay\b/);
		// Where the relayed address comes from is the address that the TURN server sees: ours.
		expect(candidate).not.toMatch(/ raddr (?!0\.0\.0\.0 )/);
	}
	expect(descriptions).toHaveLength(1);
	for (const sdp of descriptions)
		for (const [, address] of sdp.matchAll(/^c=IN IP4 (\S+)/gm))
			expect(address).toBe("0.0.0.0");
}
