import { createHash } from "node:crypto";
import { packEnvelope, unpackEnvelope } from "@easyremote/shared/codec";
import type { Donor } from "@easyremote/browser-node";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";

declare global {
	interface Window {
		donor: Donor;
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
	await network.listen();
});
afterEach(() => network.close());

async function publish(
	version: string,
	code: string,
	names: readonly string[],
) {
	const manifest = {
		name: "math",
		version,
		sha256: createHash("sha256").update(code).digest("hex"),
		bytes: Buffer.byteLength(code),
		isolation: "reuse",
		functions: names.map((name) => ({ name })),
	};
	const response = await fetch(`${network.url}/api/bundles/math/${version}`, {
		method: "PUT",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ manifest, code }),
	});
	expect(response.status).toBe(201);
}

/** Opens a tab that donates. */
async function donate(): Promise<Page> {
	const { page } = network.own(await openPage(browser, network.url));
	await page.evaluate(async () => {
		window.donor = window.browserNode.createDonor({
			gateway: location.origin,
			cores: 2,
		});
		await window.donor.start();
	});
	return page;
}

async function call(reference: string, ...args: unknown[]) {
	const response = await fetch(`${network.url}/api/${reference}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ args }),
	});
	const answer = (await response.json()) as {
		result?: unknown;
		code?: unknown;
	};
	return answer.result ?? answer.code;
}

it("runs what is published in the tabs of donors, newest version first, until it is taken back", async () => {
	await publish("1", "export const add = (a, b) => a + b;", ["add"]);
	expect(await call("math/add", 2, 3)).toBe("UNAVAILABLE");
	await donate();
	await expect.poll(() => call("math/add", 2, 3)).toBe(5);
	const add = network
		.client()
		.remote<(a: number, b: number) => number>("math/add");
	expect(await add(20, 22)).toBe(42);
	await publish("2", "export const add = (a, b) => `${a}+${b}`;", ["add"]);
	await expect.poll(() => call("math/add", 2, 3)).toBe("2+3");
	expect(await call("math@1/add", 2, 3)).toBe(5);
	await fetch(`${network.url}/api/bundles/math`, { method: "DELETE" });
	expect(await call("math/add", 2, 3)).toBe("NOT_FOUND");
});

it("is called in every way that REST has", async () => {
	const code = `
		export const add = (a, b) => a + b;
		export async function* upTo(last) { for (let n = 1; n <= last; n++) yield n; }
		export const double = (bytes) => bytes.map((byte) => byte * 2);`;
	await publish("1", code, ["add", "upTo", "double"]);
	await donate();
	await expect.poll(() => call("math/add", 1, 1)).toBe(2);
	const post = (
		name: string,
		body: BodyInit,
		headers: Record<string, string>,
	) =>
		fetch(`${network.url}/api/math/${name}`, { method: "POST", body, headers });
	const json = { "content-type": "application/json" };

	const stream = await post("upTo", '{"args":[3]}', json);
	expect(await stream.text()).toContain("data: 3\n\nevent: end");
	const bytes = await post("double", new Uint8Array([1, 2, 3]), {
		"content-type": "application/octet-stream",
		accept: "application/octet-stream",
	});
	expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(
		new Uint8Array([2, 4, 6]),
	);
	const packed = await post(
		"add",
		new Uint8Array(packEnvelope({ args: [2, 3] })),
		{
			"content-type": "application/msgpack",
			accept: "application/msgpack",
		},
	);
	expect(unpackEnvelope(new Uint8Array(await packed.arrayBuffer()))).toEqual({
		result: 5,
	});
	const job = await post("add", '{"args":[20,22]}', {
		...json,
		prefer: "respond-async",
	});
	expect(job.status).toBe(202);
	const result = await fetch(
		`${network.url}${job.headers.get("location") ?? ""}/result`,
		{
			headers: { prefer: "wait=10" },
		},
	);
	expect(await result.json()).toEqual({ result: 42 });
	const key = { ...json, "idempotency-key": "once" };
	expect(await (await post("add", '{"args":[1,2]}', key)).json()).toEqual({
		result: 3,
	});
	const again = await post("add", '{"args":[1,2]}', key);
	expect(again.headers.get("idempotency-replayed")).toBe("true");
});

it("calls another donor when a tab is closed in the middle of a call", async () => {
	const code =
		"export const slow = (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'done'));";
	await publish("1", code, ["slow"]);
	const pages = [await donate(), await donate()];
	await expect
		.poll(async () => {
			const { functions } = (await (
				await fetch(`${network.url}/api`)
			).json()) as { functions: { nodes: string[] }[] };
			return functions[0]?.nodes.length;
		})
		.toBe(2);
	const running = call("math/slow", 1_500);
	const busy = () =>
		Promise.all(
			pages.map((page) => page.evaluate(() => window.donor.stats.running)),
		);
	await expect.poll(async () => (await busy()).includes(1)).toBe(true);
	const at = (await busy()).indexOf(1);
	await pages[at]?.close({ runBeforeUnload: true });
	expect(await running).toBe("done");
});
