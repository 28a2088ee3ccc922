import type { BrowserNode } from "@easyremote/browser-node";
import type { Browser, Page } from "playwright-core";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	it,
} from "vitest";
import { contextPermissions, launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";

/** What the donate page's demonstration module serves. */
interface Demo {
	countPrimes(limit: number): number;
	mandelbrot(tile: { size?: number; depth?: number }): Uint8Array;
	words(text: string): AsyncGenerator<{ word: string; count: number }>;
}

const PATIENT = `
export const spin = () => { for (;;); };
export const ok = () => 1;
`;

declare global {
	interface Window {
		tabNode: BrowserNode;
	}
}

let browser: Browser;
let network: Network;

beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
	network = Network.prepare();
	await addTestPage(network.gateway);
	network.gateway.app.get("/test/patient.js", (context) =>
		context.body(PATIENT, 200, { "content-type": "text/javascript" }),
	);
	await network.listen();
});
afterEach(() => network.close());

interface DonatePage {
	readonly page: Page;
	/** Errors of the page, and whatever its content security policy kept out. */
	readonly problems: readonly string[];
}

async function openDonatePage(): Promise<DonatePage> {
	const context = network.own(
		await browser.newContext({ permissions: contextPermissions }),
	);
	const problems: string[] = [];
	const page = await context.newPage();
	page.on("pageerror", (error) => problems.push(error.message));
	page.on("console", (message) => {
		if (message.type() === "error") problems.push(message.text());
	});
	await page.goto(`${network.url}/donate`);
	return { page, problems };
}

/** Presses Start and waits until the tab is a node; the answer is its id. */
async function start(page: Page): Promise<string> {
	await page.getByRole("button", { name: "Start" }).click();
	await page.getByRole("status").getByText("Online").waitFor();
	return (await page.locator("#node-id").textContent()) ?? "";
}

describe("the donate page", () => {
	it("starts nothing before the click, and keeps within its content security policy", async () => {
		const { page, problems } = await openDonatePage();
		await page.getByRole("button", { name: "Start" }).waitFor();
		expect(page.workers()).toEqual([]);
		expect(await network.client().nodes()).toEqual([]);
		await start(page);
		expect(problems).toEqual([]);
	});

	it("serves calls over both paths, streams, and shows them", async () => {
		const { page } = await openDonatePage();
		const id = await start(page);
		const tab = network.client().node<Demo>(id);

		const relayed = await tab.countPrimes
			.with({ transport: "relay" })(100_000)
			.withMeta();
		expect(relayed.value).toBe(9592);
		expect(relayed.meta.transport).toBe("relay");

		const direct = await tab.mandelbrot
			.with({ transport: "direct" })({ size: 256 })
			.withMeta();
		expect(direct.value).toBeInstanceOf(Uint8Array);
		expect(direct.value.length).toBe(256 * 256 * 4);
		expect(direct.meta.transport).toBe("direct");

		const words: string[] = [];
		for await (const { word } of tab.words("to be or not to be"))
			words.push(word);
		expect(words).toEqual(["to", "be", "or", "not", "to", "be"]);

		await page.getByRole("row", { name: /mandelbrot done direct/ }).waitFor();
		await expect
			.poll(() => page.locator("#calls-done").textContent())
			.toBe("3");
		await expect
			.poll(() => page.locator("#path").textContent())
			.toMatch(/^direct/);
	});

	it("stops a cancelled function and goes on serving", async () => {
		const { page } = await openDonatePage();
		const tab = network.client().node<Demo>(await start(page));
		const controller = new AbortController();
		const endless = tab.mandelbrot.with({ signal: controller.signal })({
			size: 4096,
			depth: 100_000,
		});
		await page.getByRole("row", { name: /mandelbrot running/ }).waitFor();
		controller.abort();
		await expect(endless).rejects.toMatchObject({ code: "CANCELLED" });
		await page.getByRole("row", { name: /mandelbrot cancelled/ }).waitFor();
		expect(await tab.countPrimes(10)).toBe(4);
	});

	it("is gone within a second of Stop, and comes back with the same id", async () => {
		const { page } = await openDonatePage();
		const id = await start(page);
		const client = network.client();
		expect(await client.node<Demo>(id).countPrimes(10)).toBe(4);
		await page.getByRole("button", { name: "Stop" }).click();
		await page
			.getByRole("status")
			.getByText("Stopped", { exact: true })
			.waitFor({ timeout: 1_000 });
		await expect.poll(() => page.workers()).toEqual([]);
		await expect.poll(() => client.nodes()).toEqual([]);
		await page.reload();
		expect(await start(page)).toBe(id);
	});
});

/** Opens a page and makes it a node. Rejects as `start` does, with the error's code in the message. */
async function startTab(
	id: string,
	module: string,
	script?: () => void,
): Promise<Page> {
	const { page } = network.own(await openPage(browser, network.url, script));
	const failure = await page.evaluate(
		async ([nodeId, address]) => {
			const { createBrowserNode } = window.browserNode;
			window.tabNode = createBrowserNode({
				gateway: location.origin,
				id: nodeId,
				module: address,
			});
			try {
				await window.tabNode.start();
			} catch (error) {
				return `${(error as { code?: string }).code ?? "?"}: ${String(error)}; then ${window.tabNode.state}`;
			}
			return undefined;
		},
		[id, module] as const,
	);
	if (failure !== undefined) throw new Error(failure);
	return page;
}

/** Makes a page like a browser that cannot move data channels to Workers. */
function keepChannelsOnPage(): void {
	const post = MessagePort.prototype.postMessage;
	MessagePort.prototype.postMessage = function (
		this: MessagePort,
		message: unknown,
		...rest: unknown[]
	) {
		if (message instanceof RTCDataChannel)
			throw new DOMException("not transferable", "DataCloneError");
		Reflect.apply(post, this, [message, ...rest]);
	};
}

describe("a tab as a node", () => {
	it("tells callers at once when the page is closed", async () => {
		const page = await startTab("leaving", "/test/functions.js");
		const tab = network.client().node<{ hang(): void }>("leaving");
		const hanging = tab.hang();
		await expect
			.poll(() => page.evaluate(() => window.tabNode.stats.running))
			.toBe(1);
		await page.close();
		await expect(hanging).rejects.toMatchObject({ code: "ABORTED" });
	});

	it("answers while the page's own thread is blocked", async () => {
		const page = await startTab("busy", "/test/functions.js");
		const tab = network
			.client({ transport: "direct" })
			.node<{ add(a: number, b: number): number }>("busy");
		await tab.add(1, 1);
		const blocked = page.evaluate(() => {
			const until = performance.now() + 1_500;
			while (performance.now() < until);
			return "unblocked";
		});
		const answers: (number | string)[] = [];
		const calls = (async () => {
			for (let count = 1; count <= 20; count += 1)
				answers.push(await tab.add(count, 0));
		})();
		answers.push(await blocked);
		await calls;
		expect(answers.at(-1)).toBe("unblocked");
	});

	it("bridges data channels that its browser cannot move to a Worker", async () => {
		await startTab("bridged", "/test/functions.js", keepChannelsOnPage);
		const tab = network
			.client({ transport: "direct" })
			.node<{ echo(value: Uint8Array): Uint8Array }>("bridged");
		const sent = new Uint8Array(4 * 1024 * 1024).map((_, index) => index * 7);
		const { value, meta } = await tab.echo(sent).withMeta();
		expect(meta.transport).toBe("direct");
		expect(Buffer.compare(value, sent)).toBe(0);
	});

	it("ends a function that never comes back, without harm to others", async () => {
		await startTab("patient", "/test/patient.js");
		const tab = network
			.client()
			.node<{ spin(): void; ok(): number }>("patient");
		const spinning = tab.spin.with({ timeout: 300 })();
		await expect(spinning).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
		expect(await tab.ok()).toBe(1);
	});

	it("says what is wrong with a module that cannot be loaded", async () => {
		await expect(startTab("broken", "/no-such-module.js")).rejects.toThrow(
			/^INVALID_ARGUMENT: .*module cannot be loaded.*; then stopped$/,
		);
	});
});
