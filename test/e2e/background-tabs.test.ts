// Donors in tabs that nobody looks at, and in browsers that sleep.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Network } from "../support/network.js";
import { publishBundle } from "../support/publish-bundle.js";
import { type Tab, TabsBrowser } from "../support/tabs-browser.js";

let network: Network;
beforeEach(async () => {
	network = await Network.start({ healthCheckInterval: "500ms" });
	network.gateway.app.get("/test/plain", (context) =>
		context.html("<!doctype html><title>plain</title>"),
	);
	const published = await publishBundle(network.url, {
		name: "demo",
		code: `
			export const add = (a, b) => a + b;
			export const think = async (ms) => { const end = Date.now() + ms; while (Date.now() < end); return "thought"; };
		`,
		functions: { add: {}, think: {} },
	});
	expect(published.status).toBe(201);
});
afterEach(() => network.close());

async function browser(flags?: readonly string[]): Promise<TabsBrowser> {
	return network.own(await TabsBrowser.start(flags));
}

async function donate(of: TabsBrowser): Promise<Tab> {
	const tab = await of.open(`${network.url}/donate`);
	await expect
		.poll(() =>
			tab.evaluate<boolean>(
				`document.querySelector("#toggle")?.textContent === "Start" && !document.querySelector("#toggle").disabled`,
			),
		)
		.toBe(true);
	await tab.evaluate(`document.querySelector("#toggle").click()`);
	await expect
		.poll(() => tab.evaluate<string>(`document.body.innerText`))
		.toContain("demo@1");
	return tab;
}

/** Begins to count on a page, ten times a second if it is let. */
const COUNT = `globalThis.ticks = 0; (function tick() { ticks += 1; setTimeout(tick, 100); })(); ""`;
const ticks = (tab: Tab) => tab.evaluate<number>("ticks");

interface Demo {
	"demo/add"(a: number, b: number): number;
	"demo/think"(ms: number): string;
}

describe("a donor in a tab behind another", () => {
	it("is spared what the browser does to such tabs, and answers", async () => {
		// Chromium begins with that after five minutes; here after two seconds.
		const window = await browser([
			"--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/2",
		]);
		const donor = await donate(window);
		const plain = await window.open(`${network.url}/test/plain`);
		for (const tab of [donor, plain]) await tab.evaluate(COUNT);
		await window.open("about:blank");
		for (const tab of [donor, plain])
			await expect
				.poll(() => tab.evaluate("document.visibilityState"))
				.toBe("hidden");
		const add = network.client().remote<Demo["demo/add"]>("demo/add");
		// From here on the plain page wakes up once a minute.
		await expect
			.poll(
				async () => {
					const before = await ticks(plain);
					await new Promise((resolve) => setTimeout(resolve, 5_000));
					return (await ticks(plain)) - before;
				},
				{ interval: 0 },
			)
			.toBe(0);
		const before = await ticks(donor);
		expect(await add(2, 3)).toBe(5);
		await expect
			.poll(async () => (await ticks(donor)) - before)
			.toBeGreaterThan(3);
		expect(await add(3, 4)).toBe(7);
	});
});

describe("a donor whose browser is suspended", () => {
	it("has its calls taken elsewhere, and is back when that wakes up", async () => {
		const client = network.client();
		const browsers = new Map<string, TabsBrowser>();
		for (let n = 0; n < 2; n += 1) {
			const donor = await browser();
			await donate(donor);
			for (const { id } of await client.nodes())
				if (!browsers.has(id)) browsers.set(id, donor);
		}
		expect(browsers.size).toBe(2);
		const think = client.remote<Demo["demo/think"]>("demo/think");
		const running = think(3_000);
		await expect.poll(() => running.route.nodeId).toBeDefined();
		const sleeper = running.route.nodeId ?? "";
		browsers.get(sleeper)?.suspend();
		expect(await running).toBe("thought");
		expect(running.route.nodeId).not.toBe(sleeper);
		expect(running.route.attempts).toBe(2);
		browsers.get(sleeper)?.resume();
		await expect
			.poll(
				async () =>
					(await client.nodes()).find(({ id }) => id === sleeper)?.state,
			)
			.toBe("online");
	});
});
