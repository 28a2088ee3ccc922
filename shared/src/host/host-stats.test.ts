import { describe, expect, it } from "vitest";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { PROBE_FUNCTION } from "../protocol/probe.js";
import { define } from "../functions/define.js";
import { hostFixture } from "./testing/host-fixture.js";

const functions = {
	add: (a: number, b: number) => a + b,
	fail: () => {
		throw new Error("no");
	},
};
const anna: CallerIdentity = {
	id: "anna",
	subject: "anna",
	anonymous: false,
	grants: ["call:*"],
};

describe("a host's statistics", () => {
	it("count calls of its functions by how they ended", async () => {
		const { caller, clock, host } = hostFixture({
			...functions,
			later: () => new Promise<void>((resolve) => clock.schedule(250, resolve)),
		});
		caller().call("add", [1, 2]);
		caller().call("fail");
		caller({ ...anna, grants: [] }).call("add", [1, 2]);
		caller().call("later");
		caller().call("later").fail();
		await clock.advance(250);
		expect(host.stats.take()?.rows).toMatchObject([
			{
				function: "add",
				path: "relay",
				outcomes: { OK: 1, NOT_FOUND: 1 },
			},
			{ function: "fail", outcomes: { FUNCTION_ERROR: 1 } },
			{ function: "later", outcomes: { OK: 1, CANCELLED: 1 }, sumMs: 250 },
		]);
	});

	it("count calls, not runs, where answers are kept", async () => {
		const { caller, host } = hostFixture({
			kept: define({ cache: { ttl: "1m" } }, (_call, n: number) => n),
		});
		for (const n of [1, 1, 2]) {
			const call = caller().call("kept", [n]);
			// Digests are made by another thread.
			await expect.poll(() => call.ended).toBe(true);
		}
		expect(host.stats.take()?.rows).toMatchObject([
			{ path: "relay", outcomes: { OK: 3 }, cacheHits: 1, cacheMisses: 2 },
		]);
	});

	it("leave out what the gateway counts itself, probes, and names that callers think up", () => {
		const { caller, host } = hostFixture(functions);
		caller({ ...anna, via: "rest" }).call("add", [1, 2]);
		caller().call(PROBE_FUNCTION, [new Uint8Array(1), 1]);
		caller().call("whatever");
		expect(host.stats.take()).toBeUndefined();
	});
});
