import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { failure } from "../support/failure.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";

let browser: Browser;
let network: Network;
beforeAll(async () => {
	network = await Network.start({ healthCheckInterval: "1s" });
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await network.close();
});

it("shows admins how functions fare, and nobody else", async () => {
	const node = await network.node(
		{ add: (a: number, b: number) => a + b },
		{ id: "adder" },
	);
	await postJson(network.url, "adder.add", { args: [1, 2] });
	await postJson(network.url, "adder.add", { args: [1] });
	const page = await browser.newPage();
	await page.goto(network.url);
	const row = page.locator("#call-figures tr", { hasText: "adder" });
	await row.waitFor();
	expect(await row.innerText()).toMatch(
		/^add\s+adder\s+2\s+0\s+[\d.]+ ms\s+[\d.]+ ms\s+[\d.]+ ms\s+\d+ B\s+\d+ B\s+100 % rest$/,
	);
	await page.route("**/api/report", (route) =>
		route.fulfill({ status: 403, json: { detail: "not for you" } }),
	);
	await page.reload();
	await page.getByText("Live").waitFor();
	expect(await page.locator("#performance").isVisible()).toBe(false);
	await page.close();
	await node.close();
});

it.each(["light", "dark"] as const)(
	"shows states, load and paths of nodes in %s",
	async (colorScheme) => {
		const node = await network.node(functions, {
			id: "worker",
			tags: ["<b>bold</b>"],
			maxConcurrent: 2,
		});
		const client = network.client({ transport: "relay" });
		const { hang } = client.node<typeof functions>("worker");
		const ended = [hang(), hang(), hang()].map(failure);
		const context = await browser.newContext({ colorScheme });
		const page = await context.newPage();
		const problems: string[] = [];
		page.on("pageerror", ({ message }) => problems.push(message));
		page.on("console", (entry) => {
			if (entry.type() === "error") problems.push(entry.text());
		});
		await page.goto(network.url);
		const card = page.locator("#nodes li", { hasText: "worker" });
		await card.getByText("2 of 2, 1 wait").waitFor();
		await card.getByText("Paths: 1 by relay").waitFor();
		const text = await card.innerText();
		expect(text).toMatch(/online since \d/);
		expect(text).toMatch(/CPU\s+\d+ % of \d+ core/);
		expect(text).toMatch(/Memory\s+\d+ % of [\d.]+ GB/);
		expect(text).toContain("easyremote-node/");
		expect(text).toContain("#<b>bold</b>");
		const colours = await card.evaluate((element) => {
			const { color, backgroundColor } = getComputedStyle(element);
			return [color, backgroundColor].map(
				(value) => Number(/\d+/.exec(value)?.[0]) > 127,
			);
		});
		expect(colours).toEqual(
			colorScheme === "dark" ? [true, false] : [false, true],
		);
		await client.close();
		await Promise.all(ended);
		await node.close();
		await page.getByText("No node is connected").waitFor();
		expect(problems).toEqual([]);
		await context.close();
	},
);
