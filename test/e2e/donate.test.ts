// A person opens /donate and presses Start; somebody else calls what a third one has published.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallProgress } from "@easyremote/client";
import { EasyRemoteError } from "@easyremote/shared";
import type { Browser, BrowserContext, Page } from "playwright-core";
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
import { publishBundle } from "../support/publish-bundle.js";

const CODE = `
export const add = (a, b) => a + b;
export const bytes = (size) => new Uint8Array(size).fill(7);
export async function* upTo(last) { for (let n = 1; n <= last; n++) yield n; }
export const spin = () => { for (;;); };
export const bomb = () => { const all = []; for (;;) all.push(new Uint8Array(1e8).fill(1)); };
let calls = 0;
export const count = () => ++calls;
const withCall = (handler) => Object.assign(() => undefined, { [Symbol.for("easyremote.definition")]: { options: {}, handler } });
let aborts = 0;
export const work = withCall(async (call, steps) => {
	for (let step = 1; step <= steps; step += 1) call.progress({ fraction: step / steps, message: "step " + step });
	return "done";
});
export const wait = withCall((call) => new Promise((_done, failed) => {
	call.signal.addEventListener("abort", () => { aborts += 1; failed(call.signal.reason); });
}));
export const abortsSeen = () => aborts;
export const reach = () => [typeof fetch, typeof indexedDB, typeof WebSocket].join();
`;
const FUNCTIONS = {
	add: {},
	bytes: {},
	upTo: { stream: true },
	spin: { timeoutMs: 500, idempotent: false },
	bomb: { timeoutMs: 10_000, idempotent: false },
	count: { idempotent: false },
	work: {},
	wait: { idempotent: false },
	abortsSeen: { idempotent: false },
	reach: {},
};

interface Demo {
	"demo/add"(a: number, b: number): number;
}

/** Where Node.js tells of every answer of every server of this process, and what. */
const ANSWERED = "http.server.response.finish";
interface HttpExchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

let browser: Browser;
let network: Network;
let context: BrowserContext;
const problems: string[] = [];

beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
	problems.length = 0;
	network = await Network.start();
	context = network.own(
		await browser.newContext({ permissions: contextPermissions }),
	);
});
afterEach(() => network.close());

async function openDonate(): Promise<Page> {
	const page = await context.newPage();
	page.on("pageerror", (error) => problems.push(error.message));
	page.on("console", (message) => {
		if (message.type() === "error") problems.push(message.text());
	});
	await page.goto(`${network.url}/donate`);
	return page;
}

const status = (page: Page) => page.getByRole("status");

async function start(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Start" }).click();
	await status(page).getByText("Online").waitFor();
}

async function publish(version = "1", isolation?: "call"): Promise<void> {
	const published = await publishBundle(network.url, {
		name: "demo",
		version,
		code: `${CODE}export const version = () => "${version}";`,
		functions: { ...FUNCTIONS, version: {} },
		...(isolation && { isolation }),
	});
	expect(published.status).toBe(201);
}

/** Calls once a donor offers it: the tab is told of bundles a little after it is online. */
async function settled(page: Page): Promise<void> {
	await page.getByRole("heading", { name: /^demo@/ }).waitFor();
}

describe("the donate page", () => {
	it("starts nothing before the click, and keeps within its content security policy", async () => {
		const page = await openDonate();
		await page.getByRole("button", { name: "Start" }).waitFor();
		expect(page.workers()).toEqual([]);
		expect(await network.client().nodes()).toEqual([]);
		await start(page);
		expect(problems).toEqual([]);
	});

	it("runs what is published before and after the click, over every path, for client and REST", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		const add = client.remote<Demo["demo/add"]>("demo/add");
		expect(await add(2, 3)).toBe(5);
		const { meta } = await add.with({ transport: "direct" })(2, 3).withMeta();
		expect(meta.transport).toBe("direct");
		const items: unknown[] = [];
		for await (const item of client.remote<
			(n: number) => AsyncGenerator<number>
		>("demo/upTo")(5))
			items.push(item);
		expect(items).toEqual([1, 2, 3, 4, 5]);
		const large =
			await client.remote<(n: number) => Uint8Array>("demo/bytes")(1_000_000);
		expect(large.length).toBe(1_000_000);
		const rest = await fetch(`${network.url}/api/demo/add`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"args":[20,22]}',
		});
		expect(await rest.json()).toEqual({ result: 42 });
		expect(await client.remote<() => string>("demo/reach")()).toBe(
			"undefined,undefined,undefined",
		);
		await publish("2");
		await page.getByRole("heading", { name: "demo@2" }).waitFor();
		const version = client.remote<() => string>("demo/version");
		await expect.poll(() => version()).toBe("2");
		expect(await client.remote<() => string>("demo@1/version")()).toBe("1");
		await page
			.getByRole("row", { name: /demo@1\/add .* done/ })
			.first()
			.waitFor();
		await expect
			.poll(() => page.locator("#calls-done").textContent())
			.not.toBe("0");
		expect(problems).toEqual([]);
	});

	it("tells callers of progress, and functions that nobody waits for them any more", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		const told: unknown[] = [];
		const onProgress = (progress: CallProgress) => {
			if (progress.type === "progress") told.push(progress.message);
		};
		const work = client.remote<(steps: number) => string>("demo/work");
		expect(await work.with({ onProgress })(3)).toBe("done");
		expect(told).toEqual(["step 1", "step 2", "step 3"]);
		const waiting = client.remote<() => void>("demo/wait")();
		await page.getByRole("row", { name: /demo@1\/wait .* running/ }).waitFor();
		waiting.cancel();
		await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
		await page
			.getByRole("row", { name: /demo@1\/wait .* cancelled/ })
			.waitFor();
		expect(await client.remote<() => number>("demo/abortsSeen")()).toBe(1);
	});

	it("keeps a Worker for the next call, or not, as its bundle says", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		const count = client.remote<() => number>("demo/count");
		expect([await count(), await count()]).toEqual([1, 2]);
		await publish("2", "call");
		await page.getByRole("heading", { name: "demo@2" }).waitFor();
		const fresh = client.remote<() => number>("demo@2/count");
		await expect.poll(() => fresh()).toBe(1);
		expect(await fresh()).toBe(1);
	});

	it("ends what never comes back, and serves again", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		await expect(
			client.remote<() => void>("demo/spin")(),
		).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
		expect(await client.remote<Demo["demo/add"]>("demo/add")(1, 2)).toBe(3);
		// The page lives all the while.
		expect(await page.evaluate(() => 1 + 1)).toBe(2);
	});

	it("outlives a function that eats up all memory", {
		timeout: 60_000,
	}, async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		await expect(client.remote<() => void>("demo/bomb")()).rejects.toThrow();
		await expect
			.poll(() => client.remote<Demo["demo/add"]>("demo/add")(1, 2))
			.toBe(3);
	});

	it("pauses and resumes by hand and by rule", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client({ retries: 0 });
		const add = client.remote<Demo["demo/add"]>("demo/add");
		expect(await add(1, 1)).toBe(2);
		await page.getByRole("button", { name: "Pause" }).click();
		await status(page).getByText("Paused by you").waitFor();
		await expect
			.poll(() =>
				add(1, 1).then(String, (error: unknown) =>
					error instanceof EasyRemoteError ? error.code : String(error),
				),
			)
			.toBe("UNAVAILABLE");
		await page.getByRole("button", { name: "Resume" }).click();
		await status(page).getByText("Online").waitFor();
		await expect.poll(() => add(1, 1).catch(() => undefined)).toBe(2);
		await page.getByLabel("Outside of these hours").check();
		const now = new Date();
		const hour = (offset: number) =>
			`${String((now.getHours() + offset) % 24).padStart(2, "0")}:30`;
		await page.getByLabel("From").fill(hour(3));
		await page.getByLabel("to", { exact: true }).fill(hour(5));
		await status(page).getByText("Paused until").waitFor();
		await page.getByLabel("Outside of these hours").uncheck();
		await status(page).getByText("Online").waitFor();
	});

	it("is gone within a second of Stop, in the middle of a call", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		const spinning = expect(
			client.remote<() => void>("demo/spin")(),
		).rejects.toThrow();
		await page.getByRole("row", { name: /demo@1\/spin .* running/ }).waitFor();
		await page.getByRole("button", { name: "Stop" }).click();
		await spinning;
		await status(page)
			.getByText("Stopped", { exact: true })
			.waitFor({ timeout: 1_000 });
		await expect.poll(() => page.workers()).toEqual([]);
		expect(page.frames()).toHaveLength(1);
		await expect.poll(() => client.nodes()).toEqual([]);
	});

	it("is the only one of its browser, and stays the same donor with the same settings", async () => {
		const page = await openDonate();
		await page.getByLabel("Share of each core").fill("40");
		await start(page);
		const donor = await page.locator("#donor-id").textContent();
		const second = await openDonate();
		await second.getByRole("button", { name: "Start" }).click();
		await second.getByRole("alert").getByText("Another tab").waitFor();
		await second.close();
		await page.reload();
		await expect
			.poll(() => page.getByLabel("Share of each core").inputValue())
			.toBe("40");
		await start(page);
		expect(await page.locator("#donor-id").textContent()).toBe(donor);
	});

	it("shows a phone the way, and keeps the screen on as long as it is asked to", async () => {
		const screen: string[] = [];
		await context.exposeFunction("screenIs", (state: string) => {
			screen.push(state);
		});
		// Headless browsers have no screen to keep on.
		await context.addInitScript(() => {
			const report = Reflect.get(window, "screenIs") as (
				state: string,
			) => Promise<void>;
			const lock = { release: () => report("let go") };
			Object.defineProperty(navigator, "wakeLock", {
				value: {
					request: async (kind: string) => report(kind).then(() => lock),
				},
			});
		});
		const page = await openDonate();
		await page.getByRole("img", { name: "QR code of this page" }).waitFor();
		const address = page.locator("#address");
		expect(await address.getAttribute("href")).toBe(page.url());
		await start(page);
		expect(screen).toEqual([]);
		const awake = page.getByLabel("Keep the screen on");
		await awake.check();
		await expect.poll(() => screen).toEqual(["screen"]);
		await page.getByRole("button", { name: "Pause" }).click();
		await status(page).getByText("Paused").waitFor();
		await awake.uncheck();
		await expect.poll(() => screen).toEqual(["screen", "let go"]);
		await awake.check();
		await page.getByRole("button", { name: "Stop" }).click();
		await expect
			.poll(() => screen)
			.toEqual(["screen", "let go", "screen", "let go"]);
		expect(problems).toEqual([]);
	});

	it("takes code from the browser's storage the next time", async () => {
		await publish();
		const page = await openDonate();
		let fetched = 0;
		await context.route("**/bundles/*.js", (route) => {
			fetched += 1;
			return route.continue();
		});
		await start(page);
		await settled(page);
		const add = network.client().remote<Demo["demo/add"]>("demo/add");
		expect(await add(1, 1)).toBe(2);
		await page.getByText("kept here").waitFor();
		await page.reload();
		await start(page);
		await page.getByText("kept here").waitFor();
		await expect.poll(() => add(2, 2).catch(() => undefined)).toBe(4);
		expect(fetched).toBe(1);
	});

	it("tells callers at once when its tab is closed", async () => {
		await publish();
		const page = await openDonate();
		await start(page);
		await settled(page);
		const client = network.client();
		const spinning = expect(
			client.remote<() => void>("demo/spin").with({ retries: 0 })(),
		).rejects.toThrow();
		await page.getByRole("row", { name: /running/ }).waitFor();
		await page.close();
		await spinning;
		await expect.poll(() => client.nodes()).toEqual([]);
	});

	it("says goodbye when somebody follows a link away from it", async () => {
		const page = await openDonate();
		await start(page);
		const goodbyes: unknown[] = [];
		// Browsers show nobody what a page sends when it is gone.
		const listen = (event: unknown) => {
			const { request, response } = event as HttpExchange;
			if (request.url === "/donate/leave") goodbyes.push(response.statusCode);
		};
		subscribe(ANSWERED, listen);
		network.own({ close: async () => void unsubscribe(ANSWERED, listen) });
		await page.goto(`${network.url}/docs`);
		await expect.poll(() => goodbyes).toEqual([204]);
		const client = network.client();
		await expect.poll(() => client.nodes()).toEqual([]);
	});
});
