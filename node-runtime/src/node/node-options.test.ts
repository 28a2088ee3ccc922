import { describe, expect, it } from "vitest";
import { nodeSettings } from "./node-options.js";

function refusal(options: Record<string, unknown>): unknown {
	try {
		nodeSettings(options, {});
	} catch (error) {
		return error;
	}
	return undefined;
}

describe("nodeSettings", () => {
	it("fills in the defaults", () => {
		expect(nodeSettings({ gateway: "http://localhost:1" }, {})).toMatchObject({
			maxConcurrent: 10,
			maxQueue: 100,
			maxMemoryUsage: 0.8,
			maxCpuUsage: 0.9,
			heartbeatIntervalMs: 15_000,
			requestTimeoutMs: 60_000,
			reconnect: { minMs: 500, maxMs: 30_000 },
			streaming: true,
			direct: true,
			key: undefined,
		});
	});

	it("reads durations as people write them", () => {
		const settings = nodeSettings(
			{
				gateway: "http://localhost:1",
				requestTimeout: "5m",
				reconnect: { min: "1s", max: 2000 },
			},
			{},
		);
		expect(settings).toMatchObject({
			requestTimeoutMs: 300_000,
			reconnect: { minMs: 1000, maxMs: 2000 },
		});
	});

	it("takes gateway and key from the environment, options first", () => {
		const environment = {
			EASYREMOTE_GATEWAY: "http://env:1",
			EASYREMOTE_KEY: "er_env",
		};
		expect(nodeSettings({}, environment)).toMatchObject({
			gateway: "http://env:1",
			key: "er_env",
		});
		expect(
			nodeSettings({ gateway: "http://own:1", key: "er_own" }, environment),
		).toMatchObject({
			gateway: "http://own:1",
			key: "er_own",
		});
	});

	it.each([
		[
			{ gateway: "http://x", maxConcurent: 3 },
			'createNode has no option "maxConcurent"',
		],
		[{ gateway: "http://x", caching: { maxItems: 1 } }, '"maxItems"'],
		[{ gateway: "http://x", caching: "yes" }, '"caching"'],
		[{ gateway: "http://x", maxConcurrent: 0 }, '"maxConcurrent"'],
		[{ gateway: "http://x", maxCpuUsage: 90 }, '"maxCpuUsage"'],
		[
			{ gateway: "http://x", requestTimeout: "soon" },
			'"soon" is not a duration',
		],
		[{ gateway: "http://x", reconnect: { minimum: 1 } }, '"reconnect.minimum"'],
		[
			{ gateway: "http://x", reconnect: { min: 5, max: 1 } },
			"min is more than max",
		],
		[{}, "no gateway was named"],
	])("refuses %j", (options, message) => {
		expect(refusal(options)).toMatchObject({
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining(message) as string,
		});
	});
});
