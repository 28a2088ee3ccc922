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
import { launchChromium } from "../support/chromium.js";
import type * as Functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { outcomeInTime, whenStarted } from "../support/outcome.js";
import { addTestPage, openPage } from "../support/pages.js";
import * as served from "../support/served.js";

let browser: Browser;
beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

let network: Network;
beforeEach(async () => {
	network = Network.prepare();
	await addTestPage(network.gateway);
	await network.listen();
});
afterEach(() => network.close());

describe.each(["relay", "direct"] as const)("over the %s path", (transport) => {
	it("closing a tab that serves a call ends the call", async () => {
		const tab = network.own(await openPage(browser, network.url));
		await tab.page.evaluate(() =>
			window.browserNode
				.createBrowserNode({
					gateway: location.origin,
					id: "tab",
					module: new URL("/test/functions.js", location.href),
				})
				.start(),
		);
		const node = network
			.client({ transport, retries: 0 })
			.node<typeof Functions>("tab");
		expect(await node.add(1, 2)).toBe(3);
		const call = node.hang();
		await whenStarted(call);
		await tab.page.close();
		expect(await outcomeInTime(call)).toMatchObject({ code: "ABORTED" });
	});

	it("closing a page that waits for a call frees the node", async () => {
		await network.node(served, { id: "worker", maxConcurrent: 1 });
		const { page } = network.own(await openPage(browser, network.url));
		const name = `left-${transport}`;
		await page.evaluate(
			async ([callName, path]) => {
				const client = window.easyremote.createClient({
					gateway: location.origin,
					transport: path,
				});
				const node = client.node<typeof served>("worker");
				await node.add(1, 2);
				node.untilAborted(callName).catch(() => {
					// The page is closed before it could fail.
				});
			},
			[name, transport] as const,
		);
		await served.started(name);
		const others = network.client({ retries: 0 }).node<typeof served>("worker");
		await page.close();
		const next = others.add(20, 22);
		expect(await outcomeInTime(served.aborted(name))).toEqual({ value: true });
		expect(await next).toBe(42);
	});
});
