// Somebody's site has the element on its pages; a visitor says yes, no, or stop.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type {
	Browser,
	BrowserContext,
	FrameLocator,
	Page,
} from "playwright-core";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	it,
} from "vitest";
import {
	contextPermissions,
	launchChromium,
	launchChromiumProfile,
} from "../support/chromium.js";
import { createKey } from "../support/create-key.js";
import { Network } from "../support/network.js";
import { publishBundle } from "../support/publish-bundle.js";
import { tempFolder } from "../support/temp-folder.js";

const CODE = `
export const add = (a, b) => a + b;
export const spin = () => { for (;;); };
`;

interface Demo {
	"demo/add"(a: number, b: number): number;
	"demo/spin"(): void;
}

const README = new URL("../../browser-node/README.md", import.meta.url);

let browser: Browser;
let site: Site;
let network: Network;
let context: BrowserContext;
const problems: string[] = [];

beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
	problems.length = 0;
	site = await Site.open();
	await start({ embedOrigins: [site.origin] });
	context = network.own(
		await browser.newContext({ permissions: contextPermissions }),
	);
	network.own(site);
});
afterEach(() => network.close());

async function start(donors: { embedOrigins: string[] }): Promise<void> {
	network = await Network.start({ donors: { open: true, ...donors } });
	site.gateway = network.url;
	site.lines = element('max-cpu="50%" cores="1"');
	await publishBundle(network.url, {
		name: "demo",
		code: CODE,
		functions: { add: {}, spin: { timeoutMs: 20_000, idempotent: false } },
	});
}

const element = (attributes: string): string =>
	`<script type="module" src="${network.url}/embed.js"></script>
<easyremote-node consent="ask" ${attributes}></easyremote-node>`;

/** Another site than the gateway's, not just another origin: it goes by another name. */
class Site {
	gateway = "";
	/** The two that the element takes. */
	lines = "";
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
		server.on("request", (_request, response) => {
			// As strict as it can be with the element on the page.
			response.setHeader(
				"content-security-policy",
				`default-src 'none'; img-src data:; script-src ${this.gateway}; frame-src ${this.gateway}`,
			);
			response.setHeader("content-type", "text/html");
			response.end(
				`<!doctype html><title>blog</title><link rel="icon" href="data:,"><h1>A blog</h1>${this.lines}`,
			);
		});
	}

	static async open(): Promise<Site> {
		const server = createServer();
		await new Promise<void>((resolve) =>
			server.listen(0, "127.0.0.1", resolve),
		);
		return new Site(server);
	}

	get origin(): string {
		const { port } = this.#server.address() as AddressInfo;
		return `http://localhost:${port}`;
	}

	close(): Promise<void> {
		this.#server.closeAllConnections();
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
		});
	}
}

async function visit(path = "/"): Promise<Page> {
	const page = await context.newPage();
	page.on("pageerror", (error) => problems.push(error.message));
	page.on("console", (message) => {
		if (message.type() === "error") problems.push(message.text());
	});
	await page.goto(site.origin + path);
	return page;
}

/** What the element shows. */
const shown = (page: Page): FrameLocator =>
	page.frameLocator("easyremote-node iframe");

const press = (page: Page, name: string): Promise<void> =>
	shown(page).getByRole("button", { name }).click();

const stateOf = (page: Page): Promise<string> =>
	page.evaluate(
		() =>
			document.querySelector<HTMLElement & { state: string }>("easyremote-node")
				?.state ?? "none",
	);

async function lend(page: Page): Promise<void> {
	await press(page, "Lend");
	await shown(page).getByText("Lending 50 % of one core").waitFor();
}

const add = () =>
	network
		.client({ retries: 0 })
		.remote<Demo["demo/add"]>("demo/add")(2, 3)
		.catch(() => undefined);

describe("the element on another site's page", () => {
	it("asks first, then lends within the site's policy, and says what it does", async () => {
		const page = await visit();
		const question = shown(page).getByRole("heading");
		await question.waitFor();
		expect(await question.textContent()).toBe(
			`${new URL(site.origin).host} asks you to lend computing power`,
		);
		await shown(page).getByText("50 % of one core").waitFor();
		expect(page.workers()).toEqual([]);
		expect(await network.client().nodes()).toEqual([]);
		await lend(page);
		await expect.poll(add).toBe(5);
		await shown(page).getByText("1 call done").waitFor();
		expect(await stateOf(page)).toBe("online");
		expect(problems).toEqual([]);
	});

	it("is put on a page as the documentation says", async () => {
		const text = await readFile(README, "utf8");
		const [, lines = ""] =
			/^```html\n(.*?easyremote-node.*?)^```$/ms.exec(text) ?? [];
		site.lines = lines.replace("https://gw.example.com", network.url);
		const page = await visit();
		await press(page, "Lend");
		await shown(page).getByText("Lending 50 % of").waitFor();
		expect(problems).toEqual([]);
	});

	it("is as high as what it says, on a narrow page too", async () => {
		const page = await visit();
		await shown(page).getByRole("heading").waitFor();
		const heights = async () => ({
			frame: await page
				.locator("easyremote-node iframe")
				.evaluate((frame) => frame.clientHeight),
			page: await shown(page)
				.locator("body")
				.evaluate((body) => body.scrollHeight),
		});
		await expect
			.poll(async () => {
				const { frame, page: wanted } = await heights();
				return frame - wanted;
			})
			.toBe(0);
		const wide = (await heights()).frame;
		await page.setViewportSize({ width: 240, height: 700 });
		await expect.poll(async () => (await heights()).frame > wide).toBe(true);
	});

	it("shows callers no address of a visitor who was not asked for it", async () => {
		const page = await visit();
		await lend(page);
		await expect.poll(add).toBe(5);
		const client = network.client();
		const call = client.remote<Demo["demo/add"]>("demo/add");
		await expect(
			call.with({ transport: "direct" })(1, 1),
		).rejects.toMatchObject({ code: "UNAVAILABLE" });
		expect((await call(1, 1).withMeta()).meta.transport).toBe("relay");
	});

	it("lets callers connect to one who was", async () => {
		site.lines = element('max-cpu="50%" cores="1" direct');
		const page = await visit();
		await shown(page).getByText("may learn this device's").waitFor();
		await lend(page);
		await expect.poll(add).toBe(5);
		const call = network.client().remote<Demo["demo/add"]>("demo/add");
		const { meta } = await call.with({ transport: "direct" })(1, 1).withMeta();
		expect(meta.transport).toBe("direct");
	});

	it("starts nothing where the page covers the question and has its visitors click through", async () => {
		const page = await visit();
		await shown(page).getByRole("button", { name: "Lend" }).waitFor();
		await page.evaluate(() => {
			const cover = document.createElement("div");
			cover.textContent = "You have won!";
			for (const [name, value] of Object.entries({
				position: "fixed",
				inset: "0",
				background: "white",
				"pointer-events": "none",
			}))
				cover.style.setProperty(name, value);
			document.body.append(cover);
		});
		await press(page, "Lend");
		await shown(page).getByText("covers this question").waitFor();
		expect(await stateOf(page)).toBe("asking");
		await page.evaluate(() => document.body.lastElementChild?.remove());
		await lend(page);
		expect(await network.client().nodes()).toHaveLength(1);
	});

	it("leaves alone whoever said no, on other pages and later", async () => {
		const page = await visit();
		await press(page, "No thanks");
		await expect.poll(() => stateOf(page)).toBe("declined");
		await expect.poll(() => page.frames()).toHaveLength(1);
		await page.goto(`${site.origin}/other`);
		expect(await stateOf(page)).toBe("declined");
		expect(page.frames()).toHaveLength(1);
		const later = await visit();
		expect(await stateOf(later)).toBe("declined");
		expect(await network.client().nodes()).toEqual([]);
	});

	it("stops in the middle of a call, and does not come back by itself", async () => {
		const page = await visit();
		await lend(page);
		await expect.poll(add).toBe(5);
		const spinning = expect(
			network.client({ retries: 0 }).remote<Demo["demo/spin"]>("demo/spin")(),
		).rejects.toThrow();
		await shown(page).getByText("Runs demo@1/spin").waitFor();
		await press(page, "Stop");
		await spinning;
		await shown(page).getByText("nothing runs here").waitFor();
		await expect.poll(() => page.workers()).toEqual([]);
		await expect.poll(() => network.client().nodes()).toEqual([]);
		await press(page, "Lend again");
		await shown(page).getByText("Lending").waitFor();
		await press(page, "Stop");
		await expect.poll(() => stateOf(page)).toBe("stopped");
		const next = await visit();
		expect(await stateOf(next)).toBe("declined");
	});

	it("goes on lending on the next page of this tab, and asks in another tab", async () => {
		// In the windows of the other tests frames of other sites can keep nothing: there it asks on each page.
		const profile = await tempFolder();
		network.own(profile);
		context = network.own(
			await launchChromiumProfile(profile.path, contextPermissions),
		);
		const page = await visit();
		await lend(page);
		await page.goto(`${site.origin}/other`);
		await shown(page).getByText("Lending").waitFor();
		await expect.poll(add).toBe(5);
		const other = await visit();
		await shown(other).getByRole("button", { name: "Lend" }).waitFor();
		await press(other, "Lend");
		await shown(other).getByText("Another tab of this browser").waitFor();
	});

	it("takes what was lent with it when the site removes it", async () => {
		const page = await visit();
		await lend(page);
		await page.evaluate(() =>
			document.querySelector("easyremote-node")?.remove(),
		);
		await expect.poll(() => network.client().nodes()).toEqual([]);
		// The browser tells of its end after the gateway has seen it.
		await expect.poll(() => page.workers()).toEqual([]);
	});

	it("asks, and lends, where the browser keeps nothing", async () => {
		await context.addInitScript(() => {
			for (const name of ["localStorage", "sessionStorage", "indexedDB"])
				Object.defineProperty(window, name, {
					get() {
						throw new DOMException("denied", "SecurityError");
					},
				});
		});
		const page = await visit();
		await lend(page);
		await expect.poll(add).toBe(5);
		const other = await visit();
		await press(other, "No thanks");
		await expect.poll(() => stateOf(other)).toBe("declined");
		expect(problems).toEqual([]);
	});

	it("says why there is no question where the gateway is not lent from this site", async () => {
		const listed = network;
		await start({ embedOrigins: ["https://blog.example.com"] });
		network.own(listed);
		const page = await visit();
		await page.getByText("donors.embedOrigins does not list").waitFor();
		expect(await stateOf(page)).toBe("unavailable");
		await expect.poll(() => page.frames()).toHaveLength(1);
	});

	it("says what the gateway has against a donor without a key", async () => {
		const listed = network;
		const data = await tempFolder();
		await createKey(data.path, "--role", "node");
		network = Network.prepare({
			store: { path: data.path },
			donors: { embedOrigins: [site.origin] },
		});
		network.own(listed);
		network.ownFirst(data);
		await network.listen();
		site.gateway = network.url;
		site.lines = element("");
		const page = await visit();
		await press(page, "Lend");
		await shown(page).getByRole("alert").getByText("key").waitFor();
		expect(await stateOf(page)).toBe("stopped");
	});
});

describe("the page in its frame", () => {
	it("opened by itself is the donate page", async () => {
		const page = await context.newPage();
		await page.goto(`${network.url}/embed`);
		await page.waitForURL(`${network.url}/donate`);
	});

	it("is shown to listed sites only", async () => {
		const { headers } = await fetch(`${network.url}/embed`);
		expect(headers.get("content-security-policy")).toContain(
			`frame-ancestors ${site.origin}`,
		);
		const donate = await fetch(`${network.url}/donate`);
		expect(donate.headers.get("content-security-policy")).toContain(
			"frame-ancestors 'none'",
		);
	});
});
