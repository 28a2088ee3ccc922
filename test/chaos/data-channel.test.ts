import { createClient } from "@easyremote/client";
import type { Browser } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { breakableRtc, makePageBreakable } from "../support/breakable-rtc.js";
import { launchChromium } from "../support/chromium.js";
import { type Gate, gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { outcomeInTime, whenStarted } from "../support/outcome.js";
import { addTestPage, openPage } from "../support/pages.js";

let network: Network;
let runs: number;
let release: Gate;
const functions = {
	add: (a: number, b: number) => a + b,
	/** Answers when the test says so; counts how often it was started. */
	work: async () => {
		runs += 1;
		await release.opened;
		return "done";
	},
	echo: (bytes: Uint8Array) => bytes,
};
beforeEach(async () => {
	runs = 0;
	release = gate();
	network = Network.prepare();
	await addTestPage(network.gateway);
	await network.listen();
	await network.node(functions, { id: "worker" });
});
afterEach(() => network.close());

async function connectDirectly(transport: "auto" | "direct") {
	const { rtc, cut } = breakableRtc();
	const client = network.own(
		createClient({ gateway: network.url, rtc, transport, retries: 0 }),
	);
	const node = client.node<typeof functions>("worker");
	for (;;) {
		const { meta } = await node.add(1, 2).withMeta();
		if (meta.transport === "direct") return { node, cut };
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

it("a call whose data channel dies is answered over the relay, and ran once", async () => {
	const { node, cut } = await connectDirectly("auto");
	const call = node.work();
	await whenStarted(call);
	cut();
	release.open();
	expect(await outcomeInTime(call)).toEqual({ value: "done" });
	expect((await call.withMeta()).meta.transport).toBe("relay");
	expect(runs).toBe(1);
	expect(await node.add(2, 2)).toBe(4);
});

it("a transfer whose data channel dies arrives whole over the relay", async () => {
	const { node, cut } = await connectDirectly("auto");
	const bytes = Uint8Array.from(
		{ length: 16 * 1024 ** 2 },
		(_, index) => (index * 31) % 256,
	);
	const call = node.echo(bytes);
	for await (const event of call.events())
		if (event.type === "transfer" && event.sent > 1024 ** 2) break;
	cut();
	expect(Buffer.compare(await call, bytes)).toBe(0);
});

it("a call that takes nothing but the direct path goes on over a new one, or fails", async () => {
	const { node, cut } = await connectDirectly("direct");
	const call = node.work();
	await whenStarted(call);
	cut();
	release.open();
	const outcome = await outcomeInTime(call);
	if ("code" in outcome) expect(outcome.code).toBe("ABORTED");
	else expect((await call.withMeta()).meta.transport).toBe("direct");
	expect(runs).toBe(1);
});

it("a new direct path is found after the old one died", async () => {
	const { node, cut } = await connectDirectly("auto");
	cut();
	await expect
		.poll(async () => (await node.add(1, 2).withMeta()).meta.transport)
		.toBe("direct");
});

it("a page whose data channel dies goes on over the relay", async () => {
	let browser: Browser | undefined;
	try {
		browser = await launchChromium();
		const { page } = await openPage(browser, network.url, makePageBreakable);
		await page.evaluate(async () => {
			const client = window.easyremote.createClient({
				gateway: location.origin,
				retries: 0,
			});
			const node = client.node<typeof functions>("worker");
			Object.assign(window, { node });
			for (;;) {
				const { meta } = await node.add(1, 2).withMeta();
				if (meta.transport === "direct") return;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		});
		const answer = page.evaluate(() => {
			const { node } = window as unknown as {
				node: { work(): Promise<string> };
			};
			return node.work();
		});
		await expect.poll(() => runs).toBe(1);
		await page.evaluate(() => window.cutConnections());
		release.open();
		expect(await outcomeInTime(answer)).toEqual({ value: "done" });
		expect(runs).toBe(1);
	} finally {
		await browser?.close();
	}
});
