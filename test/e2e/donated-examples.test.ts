import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { tile } from "../../examples/08-mandelbrot/functions.js";
import { contextPermissions, launchChromium } from "../support/chromium.js";
import { Example } from "../support/example.js";
import type { Closeable } from "../support/network.js";

let browser: Browser;
const owned: Closeable[] = [];

/** A GPU made of software, for machines that have none. */
const SOFTWARE_GPU = [
	"--enable-unsafe-webgpu",
	"--use-webgpu-adapter=swiftshader",
	"--enable-features=Vulkan",
	"--use-vulkan=swiftshader",
	"--ignore-gpu-blocklist",
];

beforeAll(async () => {
	browser = await launchChromium(SOFTWARE_GPU);
});
afterAll(() => browser.close());
afterEach(async () => {
	for (const each of owned.splice(0).reverse()) await each.close();
});

async function open(address: string): Promise<Page> {
	const context = await browser.newContext({
		permissions: contextPermissions,
	});
	owned.push(context);
	const page = await context.newPage();
	await page.goto(address);
	return page;
}

/** A visitor who lends a tab, of a browser profile of their own. */
async function donate(gateway: string, gpu = false): Promise<Page> {
	const page = await open(`${gateway}/donate`);
	if (gpu) await page.getByLabel("Lend the GPU").check();
	await page.getByRole("button", { name: "Start" }).click();
	return page;
}

it("08-mandelbrot renders a picture over tabs that join and leave", async () => {
	const example = new Example("08-mandelbrot/start.ts", { PORT: "0" });
	owned.push(example);
	const address = await example.prints(/Open (\S+)/);
	const { origin } = new URL(address);
	const first = await donate(origin);
	const page = await open(address);
	const troubles: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error") troubles.push(message.text());
	});
	await page.locator("#report", { hasText: "48 of 48 tiles" }).waitFor();
	expect(await pixel(page, 512, 384)).toEqual([8, 12, 20, 255]);
	expect(await pixel(page, 20, 20)).not.toEqual([8, 12, 20, 255]);

	await donate(origin);
	await page.locator("#count", { hasText: "2 here now" }).waitFor();
	await page.getByRole("button", { name: "Dive" }).click();
	const counts = page.locator("#donors li > span");
	await expect
		.poll(async () => (await counts.allTextContents()).map(Number))
		.toEqual([expect.toSatisfy(isMany), expect.toSatisfy(isMany)]);
	await first.context().close();
	await page.locator("#donors li.gone").waitFor();
	await page.getByRole("button", { name: "Stop" }).click();
	await page.getByRole("button", { name: "Whole set" }).click();
	await page
		.locator("#report", { hasText: /48 of 48 tiles.*zoom 1×/ })
		.waitFor();
	expect(troubles).toEqual([]);
});

it("08-mandelbrot finds the same here: its function is an ordinary one", () => {
	const corner = { re: -2, im: 1, step: 1, size: 2, limit: 100 };
	const [outside = 0, ...others] = tile(corner);
	expect(outside).toBeGreaterThan(1);
	expect(others.at(-1)).toBe(0);
});

it("09-wasm counts primes at donors", async () => {
	const example = new Example("09-wasm/start.ts", { PORT: "0" });
	owned.push(example);
	await donate(new URL(await example.prints(/Open (\S+)\/donate/)).origin);
	expect(await example.result()).toContain("348513 primes below 5000000");
});

it("10-webgpu multiplies on a donor's GPU, or says that there is none", async (context) => {
	const example = new Example("10-webgpu/start.ts", {
		PORT: "0",
		PATIENCE_MS: "15000",
	});
	owned.push(example);
	const { origin } = new URL(await example.prints(/Open (\S+)\/donate/));
	const hasGpu = await hasAdapter(await donate(origin, true));
	const printed = await example.result();
	if (hasGpu) {
		expect(printed).toMatch(/furthest from the CPU's result: \d/);
		return;
	}
	expect(printed).toContain("skipped: no donor came that lends a GPU");
	context.skip("this browser has no WebGPU adapter");
});

function isMany(count: number): boolean {
	return count >= 5;
}

function pixel(page: Page, x: number, y: number): Promise<number[]> {
	return page
		.locator("#picture")
		.evaluate(
			(canvas, at) => [
				...((canvas as HTMLCanvasElement)
					.getContext("2d")
					?.getImageData(at[0] ?? 0, at[1] ?? 0, 1, 1).data ?? []),
			],
			[x, y],
		);
}

function hasAdapter(page: Page): Promise<boolean> {
	return page.evaluate(
		async () =>
			"gpu" in navigator && (await navigator.gpu.requestAdapter()) !== null,
	);
}
