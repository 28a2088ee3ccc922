import { createClient, EasyRemoteError } from "@easyremote/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { failure } from "../support/failure.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import type { Probe } from "../support/page-probe.js";
import { PAIRINGS, Pairing } from "../support/pairing.js";
import { rtcWithoutCandidates } from "../support/without-candidates.js";

const MIB = 1024 ** 2;

let browser: Browser;
beforeAll(async () => {
	browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(PAIRINGS)("without ICE candidates, %s", (name) => {
	let pairing: Pairing;
	let caller: Probe;
	beforeAll(async () => {
		pairing = await Pairing.start(name, { browser, withoutIce: true });
		caller = await pairing.caller();
	});
	afterAll(() => pairing.network.close());

	it("answers the first call over the relay", async () => {
		expect(await caller.transport()).toBe("relay");
	});

	it("brings values of every kind", async () => {
		expect(await caller.mangledKinds("auto")).toEqual([]);
	});

	it.each([0, 1, 64 * 1024, MIB])("echoes %i bytes unchanged", async (size) => {
		expect(await caller.echo(size, "auto")).toMatchObject({
			intact: true,
			transport: "relay",
		});
	});

	it("echoes 64 MiB unchanged, and answers small calls meanwhile", async () => {
		const echoed = await caller.echoBesideSmall(64 * MIB, "auto");
		expect(echoed).toMatchObject({ intact: true, transport: "relay" });
		expect(echoed.small).toBeGreaterThan(5);
	});
});

it("refuses to fall back where only the direct path will do, and says why", async () => {
	const network = await Network.start();
	try {
		await network.node(functions, { id: "target" });
		const client = network.own(
			createClient({
				gateway: network.url,
				transport: "direct",
				rtc: rtcWithoutCandidates,
				retries: 0,
			}),
		);
		const error = await failure(
			client.node<typeof functions>("target").add(1, 2),
		);
		expect(error).toBeInstanceOf(EasyRemoteError);
		expect(error.code).toBe("UNAVAILABLE");
		expect(error.message).toMatch(/direct/i);
		// The relay beside it is as good as ever.
		const relay = network.client({ transport: "relay" });
		expect(await relay.node<typeof functions>("target").add(1, 2)).toBe(3);
	} finally {
		await network.close();
	}
});
