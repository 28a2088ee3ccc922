// The pages by the rules of WCAG 2.2 A and AA that a program can check, in both themes, and by keyboard alone.
import axe from "axe-core";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextPermissions, launchChromium } from "../support/chromium.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { publishBundle } from "../support/publish-bundle.js";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let browser: Browser;
let network: Network;
beforeAll(async () => {
	browser = await launchChromium();
	// Its own pages on another origin than itself.
	network = Network.prepare({
		donors: { open: true, embedOrigins: ["http://localhost"] },
	});
	await network.listen();
	await network.node(functions, { id: "worker" });
	await publishBundle(network.url, {
		name: "demo",
		code: "export const add = (a, b) => a + b; export const fail = () => { throw new Error('no'); };",
		functions: { add: {}, fail: {} },
	});
});
afterAll(async () => {
	await browser.close();
	await network.close();
});

/** What is wrong with a page: rule and place, one a line. */
async function faults(page: Page | Frame): Promise<string[]> {
	await page.evaluate(axe.source);
	const { violations } = await page.evaluate(
		(rules) =>
			(window as unknown as { axe: typeof axe }).axe.run(document, {
				runOnly: rules,
			}),
		RULES,
	);
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, failureSummary }) =>
			[id, target.join(" "), failureSummary ?? ""].join(": "),
		),
	);
}

async function open(
	path: string,
	colorScheme: "light" | "dark",
): Promise<Page> {
	const context: BrowserContext = await browser.newContext({
		permissions: contextPermissions,
		colorScheme,
	});
	const page = await context.newPage();
	await page.goto(network.url + path);
	return page;
}

it("a fault would be found", async () => {
	const page = await browser.newPage();
	await page.setContent('<html lang="en"><title>x</title><img src="x.png">');
	expect(await faults(page)).toEqual([expect.stringMatching(/^image-alt: /)]);
	await page.close();
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
	it("the dashboard has no fault", async () => {
		const page = await open("/", colorScheme);
		await page.getByText("worker").first().waitFor();
		expect(await faults(page)).toEqual([]);
		await page.context().close();
	});

	it("the donate page has none, idle and at work", async () => {
		const page = await open("/donate", colorScheme);
		const start = page.getByRole("button", { name: "Start" });
		await start.waitFor();
		expect(await faults(page)).toEqual([]);
		await start.click();
		await page.getByRole("heading", { name: "demo@1" }).waitFor();
		const client = network.client({ retries: 0 });
		await client.remote("demo/add")(1, 2);
		await client
			.remote("demo/fail")()
			.catch(() => undefined);
		await page.getByRole("row", { name: /failed/ }).waitFor();
		await page.locator("#chart-frame canvas").waitFor();
		expect(await faults(page)).toEqual([]);
		await page.context().close();
	});

	it("the question on other sites has none, before and after the answer", async () => {
		const page = await open("/donate", colorScheme);
		// Its own origin may not frame it: the page is looked at by itself, as if it were in a frame.
		await page.addInitScript(() => {
			Object.defineProperty(window, "parent", {
				value: { postMessage: () => undefined },
			});
		});
		await page.goto(`${network.url}/embed#max-cpu=50%25`);
		const lend = page.getByRole("button", { name: "Lend" });
		await lend.waitFor();
		expect(await faults(page)).toEqual([]);
		await lend.click();
		await page.getByText("Lending 50 %").waitFor();
		expect(await faults(page)).toEqual([]);
		await page.context().close();
	});
});

it("the donate page is used by keyboard alone", async () => {
	const page = await open("/donate", "light");
	await page.getByRole("button", { name: "Start" }).waitFor();
	const focused = () =>
		page.evaluate(() => document.activeElement?.textContent.trim());
	await page.keyboard.press("Tab");
	expect(await focused()).toBe("Skip to the start button");
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	if ((await focused()) !== "Start") await page.keyboard.press("Shift+Tab");
	expect(await focused()).toBe("Start");
	await page.keyboard.press("Enter");
	await page.getByRole("status").getByText("Online").waitFor();
	expect(await focused()).toBe("Stop");
	await page.keyboard.press("Tab");
	expect(await focused()).toBe("Pause");
	await page.keyboard.press("Space");
	await page.getByRole("status").getByText("Paused by you").waitFor();
	await page.keyboard.press("Shift+Tab");
	await page.keyboard.press("Enter");
	await page.getByRole("status").getByText("Stopped").waitFor();
	await page.context().close();
});
