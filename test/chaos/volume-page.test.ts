import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import { launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";
import { canWatchMemory, ProcessMemory } from "../support/process-memory.js";
import { TabMemory } from "../support/tab-memory.js";
import type * as Volume from "../support/volume.js";
import { pour, swallow } from "../support/volume.js";
import {
	expectVolume,
	MIB,
	type Poured,
	tellVolume,
	VOLUME_TIMEOUT,
	volumeBytes,
	wholeVolume,
} from "../support/volume-run.js";

const TOTAL = volumeBytes(256);
// The rest takes minutes more, and pages that call are in long-streams.test.ts: only when it is asked for.
const PATHS = wholeVolume
	? (["relay", "direct"] as const)
	: (["direct"] as const);
if (!wholeVolume)
	process.stdout.write(
		"streams of tabs over the relay, and of pages that call: left out, STREAM_MIB=1024 runs them\n",
	);

let browser: Browser;
let network: Network;
beforeEach(async () => {
	browser = await launchChromium();
	network = Network.prepare();
	await addTestPage(network.gateway);
	await network.listen();
});
afterEach(async () => {
	await network.close();
	await browser.close();
});

if (!canWatchMemory)
	process.stdout.write(
		"streams and the memory of tabs: skipped, since only Linux tells how much other processes take\n",
	);

it.skipIf(!canWatchMemory)("memory that a page keeps is seen", async () => {
	const { page } = await openPage(browser, network.url);
	const memory = await TabMemory.watch(browser);
	await page.evaluate((bytes) => {
		const kept = new Uint8Array(bytes).fill(1);
		Object.assign(window, { kept });
	}, TOTAL);
	expect(memory.risen).toBeGreaterThan(TOTAL * 0.9);
});

const WAYS = ["there", "back"] as const;
type Way = (typeof WAYS)[number];

describe.skipIf(!canWatchMemory).each(PATHS)(
	"a long stream over the %s path",
	(transport) => {
		it.runIf(wholeVolume).each(WAYS)(
			"goes %s between a page that calls and a node, and neither keeps it",
			async (way) => {
				const node = network.own(
					new Child(new URL("../support/programs/node.ts", import.meta.url)),
				);
				await node.ask("serve", { gateway: network.url, id: "worker" });
				const { page } = await openPage(browser, network.url);
				const run = (bytes: number) =>
					streamInPage(page, way, bytes, transport);
				await run(MIB);
				const watched = {
					page: await TabMemory.watch(browser),
					node: new ProcessMemory(node.pid),
				};
				const poured = await run(TOTAL);
				tellVolume(`page ${way}, ${transport}`, TOTAL, poured, watched);
				await expectVolume(poured, TOTAL, transport, watched);
			},
			VOLUME_TIMEOUT,
		);

		it.each(WAYS)(
			"goes %s between a caller and a tab that serves, and the tab does not keep it",
			async (way) => {
				const { page } = await openPage(browser, network.url);
				await page.evaluate(() =>
					window.browserNode
						.createBrowserNode({
							gateway: location.origin,
							id: "tab",
							module: new URL("/test/volume.js", location.href),
						})
						.start(),
				);
				const tab = network
					.client({ transport, retries: 0 })
					.node<typeof Volume>("tab");
				const run = async (bytes: number): Promise<Poured> => {
					if (way === "there")
						return tab.swallow.with({ timeout: "10m" })(pour(bytes)).withMeta();
					const call = tab.pour.with({ timeout: "10m" })(bytes);
					return { value: await swallow(call), meta: await call.meta() };
				};
				await run(MIB);
				const watched = { tab: await TabMemory.watch(browser) };
				const poured = await run(TOTAL);
				tellVolume(`tab ${way}, ${transport}`, TOTAL, poured, watched);
				await expectVolume(poured, TOTAL, transport, watched);
			},
			VOLUME_TIMEOUT,
		);
	},
);

function streamInPage(
	page: Page,
	way: Way,
	bytes: number,
	transport: "relay" | "direct",
): Promise<Poured> {
	return page.evaluate(
		async ([direction, size, path]) => {
			const client = window.easyremote.createClient({
				gateway: location.origin,
				transport: path,
				retries: 0,
			});
			try {
				const node = client.node<typeof Volume>("worker");
				const { pour: source, swallow: sink } = window.volume;
				if (direction === "there")
					return await node.swallow
						.with({ timeout: "10m" })(source(size))
						.withMeta();
				const call = node.pour.with({ timeout: "10m" })(size);
				return { value: await sink(call), meta: await call.meta() };
			} finally {
				await client.close();
			}
		},
		[way, bytes, transport] as const,
	);
}
