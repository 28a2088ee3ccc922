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
import { launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";

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

/** Opens a page and makes it a node. Rejects as `start` does, with the error's code in the message. */
async function startTab(
	id: string | undefined,
	module: string,
	script?: () => void,
): Promise<Page> {
	const { page } = network.own(await openPage(browser, network.url, script));
	const failure = await page.evaluate(
		async ([nodeId, address]) => {
			const { createBrowserNode } = window.browserNode;
			window.tabNode = createBrowserNode({
				gateway: location.origin,
				...(nodeId === undefined ? {} : { id: nodeId }),
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

	it("stops a cancelled function and goes on serving", async () => {
		const page = await startTab("obedient", "/test/patient.js");
		const tab = network
			.client()
			.node<{ spin(): void; ok(): number }>("obedient");
		const controller = new AbortController();
		const endless = tab.spin.with({ signal: controller.signal })();
		await expect
			.poll(() => page.evaluate(() => window.tabNode.stats.running))
			.toBe(1);
		controller.abort();
		await expect(endless).rejects.toMatchObject({ code: "CANCELLED" });
		expect(await tab.ok()).toBe(1);
	});

	it("is gone at stop, and comes back with the same id", async () => {
		const page = await startTab(undefined, "/test/functions.js");
		const idOf = () => page.evaluate(() => window.tabNode.id);
		const id = await idOf();
		expect(id).toMatch(/^tab-/);
		const client = network.client();
		await page.evaluate(() => window.tabNode.stop());
		await expect.poll(() => page.workers()).toEqual([]);
		await expect.poll(() => client.nodes()).toEqual([]);
		await page.evaluate(() => window.tabNode.start());
		expect(await idOf()).toBe(id);
		expect((await client.nodes()).map((each) => each.id)).toEqual([id]);
	});

	it("says what is wrong with a module that cannot be loaded", async () => {
		await expect(startTab("broken", "/no-such-module.js")).rejects.toThrow(
			/^INVALID_ARGUMENT: .*module cannot be loaded.*; then stopped$/,
		);
	});
});
