import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import type { Probe } from "../support/page-probe.js";
import { PAIRINGS, Pairing } from "../support/pairing.js";

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZES = [0, 1, 64 * KIB, MIB];
const PATHS = ["relay", "direct"] as const;

let browser: Browser;
beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(PAIRINGS)("%s", (name) => {
	let pairing: Pairing;
	let caller: Probe;
	beforeAll(async () => {
		pairing = await Pairing.start(name, { browser });
		caller = await pairing.caller();
	});
	afterAll(() => pairing.network.close());

	it("makes its first call over the relay at once, and later ones over the direct path", async () => {
		expect(await caller.transport()).toBe("relay");
		expect(await caller.untilDirect()).toBe("host");
	});

	it.each(PATHS)(
		"brings values of every kind over the %s path",
		async (path) => {
			expect(await caller.mangledKinds(path)).toEqual([]);
		},
	);

	for (const path of PATHS) {
		it.each(SIZES)(
			`echoes %i bytes unchanged over the ${path} path`,
			async (size) => {
				const echoed = await caller.echo(size, path);
				expect(echoed).toMatchObject({ intact: true, transport: path });
				expect(echoed.bytesSent).toBeGreaterThanOrEqual(size);
			},
		);

		it(`echoes 64 MiB unchanged over the ${path} path, and answers small calls meanwhile`, async () => {
			const echoed = await caller.echoBesideSmall(64 * MIB, path);
			expect(echoed).toMatchObject({ intact: true, transport: path });
			const { bytesSent, small, worstMs } = echoed;
			expect(bytesSent).toBeGreaterThanOrEqual(64 * MIB);
			process.stdout.write(
				`${name}, ${path}: ${small} small calls beside 64 MiB, the slowest took ${worstMs.toFixed(1)} ms\n`,
			);
			expect(small).toBeGreaterThan(5);
		});
	}

	it("waits for the direct path with bulk, so that it stays off the gateway", async () => {
		const fresh = await pairing.caller();
		const { intact, transport } = await fresh.echo(MIB, "auto");
		expect({ intact, transport }).toEqual({
			intact: true,
			transport: "direct",
		});
		await fresh.close();
	});
});
