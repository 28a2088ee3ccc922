import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { contextPermissions, launchChromium } from "../support/chromium.js";
import { Example } from "../support/example.js";
import { Network } from "../support/network.js";
import { Shell } from "../support/shell.js";
import { tempFolder } from "../support/temp-folder.js";

let browser: Browser;
let network: Network;

beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

async function open(address: string): Promise<Page> {
	const context = network.own(
		await browser.newContext({ permissions: contextPermissions }),
	);
	const page = await context.newPage();
	await page.goto(address);
	return page;
}

it("npm start shows a call of each kind, and what it says to open and to paste works", async () => {
	const started = network.own(new Example("start.ts", { PORT: "0" }));
	const said = await started.prints(/EasyRemote is up[^]*Ctrl-C ends it/);
	for (const call of [
		/add +demo +relay .* \d+ B .* ms/,
		/add +demo +direct host [\d.]+ ms .* \d+ B .* ms/,
		/tokens +demo +direct host/,
		/develop → jpeg 1024×640 +demo +direct host .* MiB .* KiB .* ms/,
		/develop → jpeg 1024×640 +demo +relay .* MiB .* KiB .* ms/,
	])
		expect(said).toMatch(call);
	for (const [, page] of said.matchAll(/^ {2}[A-Z][\w ]+ (http\S+)/gm)) {
		expect(await (await open(page ?? "")).title()).toMatch(/./);
	}
	const folder = network.own(await tempFolder());
	const shell = network.own(await Shell.in(folder.path, {}));
	const answers: string[] = [];
	for (const [, command] of said.matchAll(/^ {2}((?:curl|npx) .*)$/gm))
		answers.push(await shell.run(command ?? ""));
	expect(answers).toEqual([
		expect.stringContaining('{"result":3}'),
		"3\n",
		expect.stringContaining("develop"),
	]);
});

it("01-hello calls a function and reads a stream", async () => {
	const env = { EASYREMOTE_GATEWAY: network.url };
	const node = network.own(new Example("01-hello/node.ts", env));
	await node.prints(/serves/);
	const client = new Example("01-hello/client.ts", env);
	expect(await client.result()).toBe("1 + 2 = 3\nstreams\nare\ngenerators\n");
});

it("02-photo develops a photograph dropped on a page, over the direct path", async () => {
	const example = network.own(new Example("02-photo/start.ts", { PORT: "0" }));
	const page = await open(await example.prints(/Open (\S+)/));
	const photo = await sharp({
		create: { width: 1200, height: 800, channels: 3, background: "#c06030" },
	})
		.composite([
			{
				input: {
					create: { width: 400, height: 400, channels: 3, background: "white" },
				},
			},
		])
		.sharpen()
		.png({ compressionLevel: 0 })
		.toBuffer();
	await page
		.locator("#file")
		.setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: photo });
	await page.locator("#path").waitFor();
	expect(await page.locator("#path").textContent()).toBe("direct (host)");
	expect(await page.locator("#report").textContent()).toMatch(/MB\/s/);
	const developed = page.getByAltText("The photograph as developed");
	const size = await developed.evaluate(async (image: HTMLImageElement) => {
		await image.decode();
		return [image.naturalWidth, image.naturalHeight];
	});
	expect(size).toEqual([1200, 800]);
});

it("03-tab-as-node calls functions of a tab", async () => {
	const example = network.own(
		new Example("03-tab-as-node/start.ts", { PORT: "0" }),
	);
	const page = await open(await example.prints(/Open (\S+)/));
	await page.getByRole("button", { name: "Start" }).click();
	const printed = await example.result();
	expect(printed).toMatch(/the tab runs in .*Chrome/);
	expect(printed).toMatch(/^3\n2\n1$/m);
	expect(printed).toMatch(/348513 primes .* path (direct|relay)/);
});

it("04-map spreads its searches over three nodes, of which one is killed, and loses none", async () => {
	const example = new Example("04-map/start.ts", { PORT: "0" });
	const printed = await example.result();
	expect(printed).toMatch(/node two is killed/);
	expect(printed).toMatch(/at 2 nodes/);
	expect(printed).toMatch(/all 10000 primes are right/);
});

it("05-stream tells a story word by word to a page, and stops when told", async () => {
	const example = network.own(new Example("05-stream/start.ts", { PORT: "0" }));
	const page = await open(await example.prints(/Open (\S+)/));
	await stopAfterWords(page, 5);
	await page.getByRole("button", { name: "Tell" }).click();
	await page.locator("#report", { hasText: "stopped" }).waitFor();
	const report = (await page.locator("#report").textContent()) ?? "";
	expect(report).toMatch(/node storyteller, (direct|relay) path/);
	const words = (await page.locator("#story").textContent())?.trim().split(" ");
	expect(words).toHaveLength(Number.parseInt(report, 10));
	expect(words?.length).toBeLessThan(120);
});

/** Has the page itself press Stop, since its story is told faster than a busy machine can be asked how far it is. */
async function stopAfterWords(page: Page, words: number): Promise<void> {
	const report = page.locator("#report");
	await report.evaluate((element, enough) => {
		const observer = new MutationObserver(() => {
			if (Number.parseInt(element.textContent, 10) < enough) return;
			observer.disconnect();
			document.querySelector<HTMLButtonElement>("#stop")?.click();
		});
		observer.observe(element, { childList: true });
	}, words);
}

it("06-jobs leaves a job, and finds it again", async () => {
	const start = network.own(new Example("06-jobs/start.ts", { PORT: "0" }));
	const env = {
		EASYREMOTE_GATEWAY: await start.prints(/Leave a job at (\S+)/),
	};
	const left = await new Example("06-jobs/leave.ts", env).result();
	const id = /back\.ts (\S+)/.exec(left)?.[1] ?? "";
	const back = new Example("06-jobs/back.ts", env, [id]);
	expect(await back.result()).toMatch(/epoch \d+ of 15[^]*15 weights after/);
	const again = new Example("06-jobs/back.ts", env, [id]);
	expect(await again.result()).toMatch(/15 weights after/);
});

it("11-react gives results as one types, tells of progress, and shows a stream", async () => {
	const example = network.own(new Example("11-react/start.ts", { PORT: "0" }));
	const page = await open(await example.prints(/Open (\S+)/));
	const factors = page.locator("#factors");
	await factors.getByText("71 × 839 × 1471 × 6857").waitFor();
	await page.locator("#primes li").nth(4).waitFor();
	// A prime of 53 bits takes seconds, in which it tells how far it is …
	await page.getByRole("spinbutton").fill("9007199254740881");
	await page.getByRole("progressbar").waitFor();
	// … but nobody waits for it who has typed on.
	await page.getByRole("spinbutton").fill("90");
	await factors.getByText("2 × 3 × 3 × 5").waitFor();
	await page.locator("#primes", { hasText: "97" }).waitFor();
});
