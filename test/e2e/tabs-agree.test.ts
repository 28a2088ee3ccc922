import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { FakeDonor } from "../support/fake-donor.js";
import { Network } from "../support/network.js";
import { addTestPage, openPage } from "../support/pages.js";
import { publishBundle } from "../support/publish-bundle.js";
import { postJson } from "../support/rest.js";

const CODE = `
export const curve = (steps) => Float64Array.from({ length: steps }, (_, n) => Math.exp(-n / 7));
export const fail = (text) => { throw new RangeError(text); };
`;

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
	await publishBundle(network.url, {
		name: "maths",
		code: CODE,
		functions: {
			curve: { deterministic: "engine" },
			fail: { deterministic: "exact" },
		},
	});
});
afterEach(() => network.close());

/** A tab of somebody else's browser, as far as keys go. */
async function donate(): Promise<string | undefined> {
	const { page } = network.own(await openPage(browser, network.url));
	return page.evaluate(async () => {
		const donor = window.browserNode.createDonor({
			gateway: location.origin,
			cores: 1,
		});
		await donor.start();
		return donor.id;
	});
}

async function offered(): Promise<number> {
	const answer = await fetch(`${network.url}/api/nodes`);
	const { nodes } = (await answer.json()) as {
		nodes: { functions: string[] }[];
	};
	return nodes.filter(({ functions }) => functions.length > 0).length;
}

it("compares what real tabs compute, and believes no donor that says otherwise", async () => {
	const tabs = [await donate(), await donate()];
	expect(new Set(tabs).size).toBe(2);
	await expect.poll(offered).toBe(2);
	const client = network.client();
	const curve = client.remote<(steps: number) => Float64Array>("maths/curve");
	const { value, meta } = await curve(1_000).withMeta();
	expect(value).toBeInstanceOf(Float64Array);
	expect(value).toHaveLength(1_000);
	expect(meta.verified).toEqual({ answers: 2, agreed: 2 });

	const failed = client.remote("maths/fail")("too far");
	await expect(failed).rejects.toMatchObject({
		remoteName: "RangeError",
		message: "too far",
	});
	expect((await failed.meta()).verified).toEqual({ answers: 2, agreed: 2 });

	const engine = (await (await fetch(`${network.url}/api/nodes`)).json()) as {
		nodes: { engine: string }[];
	};
	network.own(
		await FakeDonor.start({
			gateway: network.url,
			engine: engine.nodes[0]?.engine ?? "",
			functions: { curve: () => new Float64Array(1_000) },
		}),
	);
	await expect.poll(offered).toBe(3);
	for (let round = 0; round < 6; round += 1) {
		const answer = await postJson(network.url, "maths/curve", { args: [3] });
		expect(answer.headers.get("x-easyremote-verified")).toMatch(/agreed=2/);
		expect(answer.status).toBe(200);
	}
	const credits = async () => {
		const answer = await fetch(`${network.url}/api/donors`);
		const { donors } = (await answer.json()) as {
			donors: { id: string; cpuSeconds: number; validated: number }[];
		};
		return donors.filter(({ id }) => tabs.includes(id));
	};
	await expect
		.poll(async () => (await credits()).map(({ validated }) => validated > 3))
		.toEqual([true, true]);
});
