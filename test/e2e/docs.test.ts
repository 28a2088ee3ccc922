import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { define } from "@easyremote/shared";
import { launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";

const add = define(
	{
		description: "Adds two numbers",
		input: [z.number(), z.number()],
		output: z.number(),
	},
	(_call, a, b) => a + b,
);

let browser: Browser;
let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node({ add }, { id: "adder" });
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await network.close();
});

it("describes what is registered now, and says when nothing has changed", async () => {
	const url = `${network.url}/openapi.json`;
	const response = await fetch(url);
	const document = (await response.json()) as { paths: object };
	expect(Object.keys(document.paths)).toContain("/api/adder.add");
	const etag = response.headers.get("etag") ?? "";
	const again = await fetch(url, { headers: { "if-none-match": etag } });
	expect(again.status).toBe(304);
	const guest = await network.node({ late: () => 1 }, { id: "guest" });
	const changed = await fetch(url, { headers: { "if-none-match": etag } });
	expect(await changed.text()).toContain("/api/guest.late");
	await guest.close();
});

it("is not there where it is not wanted", async () => {
	const silent = await Network.start({ apiDocs: false });
	for (const path of ["/openapi.json", "/docs"])
		expect((await fetch(`${silent.url}${path}`)).status).toBe(404);
	await silent.close();
});

it.each(["light", "dark"] as const)(
	"is a page where a function can be tried, in %s, and asks nobody else",
	async (colorScheme) => {
		const context = await browser.newContext({ colorScheme });
		const page = await context.newPage();
		const strangers: string[] = [];
		page.on("request", (request) => {
			const url = new URL(request.url());
			if (url.protocol.startsWith("http") && url.origin !== network.url)
				strangers.push(request.url());
		});
		await page.goto(`${network.url}/docs`);
		await page.getByText("Adds two numbers").first().waitFor();
		await page
			.getByRole("button", { name: /Test Request.*\/api\/add/ })
			.first()
			.click();
		const answered = page.waitForResponse("**/api/add");
		await page.getByRole("button", { name: /Send post request/ }).click();
		expect(await (await answered).json()).toEqual({ result: 0 });
		expect(strangers).toEqual([]);
		await context.close();
	},
);
