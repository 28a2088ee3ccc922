import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { contextPermissions, launchChromium } from "../support/chromium.js";
import { clientFiles, gzipBytes } from "../support/client-files.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";

/** As strict as a page can be that loads scripts from its own server and talks to it. */
const POLICY =
	"default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/** A small call, a map, a stream, bytes both ways over the direct path, and a quorum; `EasyRemote` is the library. */
const SCRIPT = `
const client = EasyRemote.createClient({ gateway: new URLSearchParams(location.search).get("gateway") ?? location.origin });
const node = client.any();
const run = async () => {
	const sum = await node.add(1, 2);
	const mapped = [];
	for await (const value of node.echo.map([1, 2, 3])) mapped.push(value);
	const streamed = [];
	for await (const value of node.count(3)) streamed.push(value);
	const bytes = new Uint8Array(300_000).fill(7);
	const bulk = await node.echo.with({ transport: "direct" })(bytes).withMeta();
	const blob = await node.echo(bytes).blob("image/png");
	const quorum = await node.add.with({ quorum: 2 })(1, 2).catch((error) => error.message);
	const failed = await node.missing().catch((error) => error instanceof EasyRemote.EasyRemoteError && error.code);
	await client.close();
	return { sum, mapped, streamed, bulk: bulk.value.length, path: bulk.meta.transport, blob: [blob.type, blob.size].join(), quorum, failed };
};
window.outcome = run().catch((error) => String(error));
`;

let browser: Browser;
let network: Network;

beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
	network = Network.prepare();
	const { app } = network.gateway;
	const script = (text: string) => () =>
		new Response(text, { headers: { "content-type": "text/javascript" } });
	app.get("/test/global.js", script(SCRIPT));
	app.get(
		"/test/module.js",
		script(`import * as EasyRemote from "/client.js";${SCRIPT}`),
	);
	for (const [path, scripts] of [
		[
			"global",
			'<script src="/client.global.js"></script><script src="/test/global.js"></script>',
		],
		["module", '<script type="module" src="/test/module.js"></script>'],
	] as const)
		app.get(`/test/${path}`, (context) =>
			context.html(`<!doctype html><title>${path}</title>${scripts}`, 200, {
				"content-security-policy": POLICY,
			}),
		);
	await network.listen();
	await network.node(functions);
});
afterEach(() => network.close());

async function open(path: string): Promise<{ page: Page; said: string[] }> {
	const context = network.own(
		await browser.newContext({ permissions: contextPermissions }),
	);
	const page = await context.newPage();
	const said: string[] = [];
	page.on("console", (message) => said.push(message.text()));
	page.on("pageerror", (error) => said.push(error.message));
	await page.goto(`${network.url}${path}`);
	await page.waitForFunction(() => "outcome" in window);
	return { page, said };
}

it.each(["global", "module"])(
	"the %s build works under a strict content security policy, without a word of complaint",
	async (kind) => {
		const { page, said } = await open(`/test/${kind}`);
		const outcome = await page.evaluate(
			() => (window as unknown as { outcome: Promise<unknown> }).outcome,
		);
		expect(outcome).toEqual({
			sum: 3,
			mapped: [1, 2, 3],
			streamed: [1, 2, 3],
			bulk: 300_000,
			path: "direct",
			blob: "image/png,300000",
			quorum: expect.stringContaining("cannot be compared") as string,
			failed: "NOT_FOUND",
		});
		expect(said.filter((line) => !/favicon|404/.test(line))).toEqual([]);
	},
);

it("the global build finds its late parts where it came from itself, whatever page it is in", async () => {
	const gateway = network.own(
		Network.prepare({ cors: { origins: [network.url] } }),
	);
	await gateway.listen();
	await gateway.node(functions);
	network.gateway.app.get("/test/elsewhere", (context) =>
		context.html(
			`<!doctype html><title>elsewhere</title><script src="${gateway.url}/client.global.js"></script><script src="/test/global.js"></script>`,
		),
	);
	const { page } = await open(
		`/test/elsewhere?gateway=${encodeURIComponent(gateway.url)}`,
	);
	const outcome = await page.evaluate(
		() => (window as unknown as { outcome: Promise<unknown> }).outcome,
	);
	expect(outcome).toMatchObject({ mapped: [1, 2, 3], path: "direct" });
});

it("both builds show the same names", async () => {
	const names = async (path: string) => {
		const { page } = await open(path);
		return page.evaluate<string[]>(
			`(async () => Object.keys(window.EasyRemote ?? (await import("/client.js"))).sort())()`,
		);
	};
	const shown = await names("/test/module");
	expect(shown).toContain("createClient");
	expect(await names("/test/global")).toEqual(shown);
});

it("a page loads the code of direct paths, maps, jobs, schemas and comparisons only when it needs it", async () => {
	const { first, later, global } = await clientFiles();
	const kilobytes = gzipBytes(first) / 1_000;
	expect(global.gzipBytes / 1_000).toBeLessThan(40);
	const parts = later.map(
		({ name, gzipBytes: bytes }) => `${name} ${(bytes / 1_000).toFixed(1)}`,
	);
	process.stdout.write(
		`client.js ${kilobytes.toFixed(1)} kB gzip; later, where needed: ${parts.join(", ")}\n`,
	);
	expect(kilobytes).toBeLessThan(40);
	const names = later
		.map(({ name }) => name.replace(/-.{8}\.js$/, ""))
		.join(" ");
	expect(names).toMatch(/job/);
	expect(names).toMatch(/link/);
	expect(names).toMatch(/map/);
	expect(names).toMatch(/simplepeer/);
	expect(names).toMatch(/validate/);
	expect(names).toMatch(/verification/);
});
