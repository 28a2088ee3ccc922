import type { Browser } from "playwright-core";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	it,
} from "vitest";
import { Child } from "../support/child.js";
import { launchChromium } from "../support/chromium.js";
import { grownBy } from "../support/memory-watch.js";
import { Network } from "../support/network.js";
import { probeInPage } from "../support/page-probe.js";
import { addTestPage, openPage } from "../support/pages.js";
import { SeparateNetwork } from "../support/separate-network.js";
import { rendererPids } from "../support/tab-memory.js";
import * as volume from "../support/volume.js";
import { pour, swallow, type Volume } from "../support/volume.js";

const MIB = 1024 ** 2;
/** What either end may take more, however long the stream, MiB. */
const MOST_GROWN = 200;
const DIRECTIONS = ["up", "down"] as const;

describe.each(["relay", "direct"] as const)(
	"1 GiB over the %s path",
	(transport) => {
		let network: SeparateNetwork;
		beforeEach(async () => {
			network = await SeparateNetwork.start();
		});
		afterEach(() => network.close());

		it.each(DIRECTIONS)(
			"streams %s without filling the memory of either end",
			{ timeout: 300_000 },
			async (direction) => {
				const node = await network.node("worker");
				const client = network.own(
					new Child(new URL("../support/programs/client.ts", import.meta.url)),
				);
				const load = {
					gateway: network.url,
					nodeId: "worker",
					direction,
					transport,
				};
				// What a first stream needs for ever (code, pools, windows) is there after it.
				await client.ask("stream", { ...load, bytes: 16 * MIB });
				const bytes = 1024 * MIB;
				let arrived: Volume | undefined;
				const [atClient = 0, atNode = 0] = await grownBy(
					[client.pid, node.pid],
					async () => {
						arrived = await client.ask<Volume>("stream", { ...load, bytes });
					},
				);
				expect(arrived).toEqual(await swallow(pour(bytes)));
				process.stdout.write(
					`1 GiB ${direction}, ${transport}: client +${atClient.toFixed(0)} MiB, node +${atNode.toFixed(0)} MiB\n`,
				);
				expect(atClient).toBeLessThan(MOST_GROWN);
				expect(atNode).toBeLessThan(MOST_GROWN);
			},
		);
	},
);

describe("256 MiB between a page and a node, directly", () => {
	let browser: Browser;
	let network: Network;
	beforeAll(async () => {
		browser = await launchChromium();
		network = Network.prepare();
		await addTestPage(network.gateway);
		await network.listen();
		await network.node(volume, { id: "worker" });
	});
	afterAll(async () => {
		await network.close();
		await browser.close();
	});

	it.each(DIRECTIONS)(
		"streams %s without filling the memory of the tab",
		{ timeout: 300_000 },
		async (direction) => {
			const { page } = network.own(await openPage(browser, network.url));
			const probe = await probeInPage(page, {
				gateway: network.url,
				nodeId: "worker",
			});
			await probe.stream(direction, 16 * MIB, "direct");
			const renderers = await rendererPids(browser);
			const bytes = 256 * MIB;
			let arrived: Volume | undefined;
			const grown = await grownBy(renderers, async () => {
				arrived = await probe.stream(direction, bytes, "direct");
			});
			expect(arrived).toEqual(await swallow(pour(bytes)));
			const most = Math.max(...grown);
			process.stdout.write(
				`256 MiB ${direction} in a page: the tab +${most.toFixed(0)} MiB\n`,
			);
			expect(renderers.length).toBeGreaterThan(0);
			expect(most).toBeLessThan(MOST_GROWN);
		},
	);
});
