import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { define } from "../functions/define.js";
import type { FailedCall, FinishedCall, Plugin } from "../plugins/plugin.js";
import { PluginHooks } from "../plugins/plugin-hooks.js";
import { ManualClock } from "../time/manual-clock.js";
import { hostFixture } from "./testing/host-fixture.js";
import { settle } from "./testing/scripted-caller.js";

function fixture(functions: object, plugin: Omit<Plugin, "name">) {
	const hooks = new PluginHooks({
		plugins: [{ name: "test", ...plugin }],
		clock: new ManualClock(),
		failed: () => undefined,
	});
	return hostFixture(functions, { plugins: hooks });
}

const add = (a: number, b: number) => a + b;

describe("plugins of a host", () => {
	it("are asked before a call takes a place, and told how it ended", async () => {
		let goOn: () => void = () => undefined;
		const over: FinishedCall[] = [];
		const { caller, host } = fixture(
			{ add },
			{
				beforeFunctionCall: () =>
					new Promise<void>((resolve) => {
						goOn = resolve;
					}),
				afterFunctionCall: (call) => void over.push(call),
			},
		);
		const call = caller().call("add", [1, 2]);
		await settle();
		expect([call.types, host.load.running]).toEqual([[], 0]);
		goOn();
		await settle();
		expect(call.result).toBe(3);
		expect(over).toEqual([
			{
				id: "call_1",
				function: "add",
				nodeId: "calc",
				caller: { id: "key_anna", subject: "anna", anonymous: false },
				durationMs: 0,
				transport: "relay",
				cached: false,
			},
		]);
	});

	it("refuse a call, which then never runs", async () => {
		let runs = 0;
		const failed: FailedCall[] = [];
		const { caller } = fixture(
			{ count: () => (runs += 1) },
			{
				beforeFunctionCall: () => {
					throw new EasyRemoteError("UNAVAILABLE", "closed");
				},
				onFunctionError: (call) => void failed.push(call),
			},
		);
		const call = caller().call("count");
		await settle();
		expect(call.error).toMatchObject({ code: "UNAVAILABLE", callId: "call_1" });
		expect(call.types).toEqual(["error"]);
		expect(runs).toBe(0);
		expect(failed.map(({ error }) => error.message)).toEqual(["closed"]);
	});

	it("are told of calls that were not allowed, without being asked", async () => {
		const asked: string[] = [];
		const failed: string[] = [];
		const { caller } = fixture(
			{ add: define({ public: true }, () => 1) },
			{
				beforeFunctionCall: ({ id }) => void asked.push(id),
				onFunctionError: ({ error }) => void failed.push(error.code),
			},
		);
		caller({ id: "x", subject: "x", anonymous: false, grants: [] }).call("add");
		caller().call("nothing");
		await settle();
		expect([asked, failed]).toEqual([[], ["PERMISSION_DENIED", "NOT_FOUND"]]);
	});

	it("change nothing for a call cancelled while they are asked", async () => {
		let goOn: () => void = () => undefined;
		const { caller, host } = fixture(
			{ add },
			{
				beforeFunctionCall: () =>
					new Promise<void>((resolve) => {
						goOn = resolve;
					}),
			},
		);
		const call = caller().call("add", [1, 2]);
		call.fail();
		goOn();
		await settle();
		expect(call.types).toEqual([]);
		expect(host.load).toMatchObject({ running: 0, queued: 0 });
	});

	it("are asked once for each call that shares a run, and told which was answered from the cache", async () => {
		let asked = 0;
		const over: FinishedCall[] = [];
		const { caller } = fixture(
			{ seven: define({ cache: { ttl: "1m" } }, () => 7) },
			{
				beforeFunctionCall: () => {
					asked += 1;
				},
				afterFunctionCall: (call) => void over.push(call),
			},
		);
		for (const id of ["a", "b"]) {
			const call = caller().call("seven", [], { id });
			await expect.poll(() => call.ended).toBe(true);
		}
		await settle();
		expect(asked).toBe(2);
		expect(over.map(({ id, cached }) => [id, cached])).toEqual([
			["a", false],
			["b", true],
		]);
	});
});
