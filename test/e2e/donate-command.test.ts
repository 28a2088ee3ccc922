// A server lends itself: `easyremote-node --donate`.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Child } from "../support/child.js";
import { ensureChromium } from "../support/chromium.js";
import { startCommand } from "../support/commands.js";
import { Network } from "../support/network.js";
import { publishBundle } from "../support/publish-bundle.js";

const isRoot = process.getuid?.() === 0;

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

function donate(...flags: string[]): Child {
	return network.own(
		startCommand(
			"node",
			["--donate", "--gateway", network.url, "--json", ...flags],
			{ env: { CHROMIUM_PATH: ensureChromium() } },
		),
	);
}

describe("easyremote-node --donate", () => {
	// As root Chromium has no sandbox to keep.
	const flags = isRoot ? ["--no-sandbox", "--force"] : [];

	it("runs what is published, with as many cores as it may, until it is told to stop", async () => {
		await publishBundle(network.url, {
			name: "demo",
			code: "export const add = (a, b) => a + b;",
			functions: { add: {} },
		});
		const child = donate("--concurrency", "2", ...flags);
		await child.line((line) => line.includes('"Online'));
		const client = network.client();
		const add = client.remote<(a: number, b: number) => number>("demo/add");
		await expect.poll(() => add(2, 3).catch(() => undefined)).toBe(5);
		const [node] = await client.nodes();
		expect(node).toMatchObject({ kind: "donor", load: { maxConcurrent: 2 } });
		child.signal("SIGINT");
		expect(await child.exited).toMatchObject({ code: 0 });
		await expect.poll(() => client.nodes()).toEqual([]);
	});

	it("says why the gateway does not take it", async () => {
		const child = donate("--key", "er_aaaaaaaa_nonsense", ...flags);
		expect(await child.exited).toMatchObject({ code: 1 });
		expect(child.stdout).toContain('"event":"error"');
	});

	it("says that there is no such page", async () => {
		await network.close();
		const child = donate(...flags);
		expect(await child.exited).toMatchObject({ code: 3 });
		expect(child.stdout).toContain("cannot be opened");
	});

	it.each([
		["--no-sandbox"],
		...(isRoot ? [[], ["--force"]] : []),
		["functions.ts"],
	])("does not begin with %s %s", async (...wrong: string[]) => {
		const child = donate(...wrong);
		expect(await child.exited).toMatchObject({ code: 2 });
		expect(child.stdout).toContain("INVALID_ARGUMENT");
	});
});
