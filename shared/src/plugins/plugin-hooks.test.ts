import { describe, expect, it } from "vitest";
import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ManualClock } from "../time/manual-clock.js";
import type { FinishedCall, Plugin } from "./plugin.js";
import { type PluginFailure, PluginHooks } from "./plugin-hooks.js";

const call: FinishedCall = {
	id: "call_1",
	function: "add",
	nodeId: "calc",
	caller: { id: "key:1", subject: "anna", anonymous: false },
	durationMs: 3,
	transport: "relay",
	cached: false,
};
const node = { nodeId: "calc", kind: "compute", tags: [] } as const;

function fixture(...plugins: Plugin[]) {
	const clock = new ManualClock();
	const failures: PluginFailure[] = [];
	const failed = (failure: PluginFailure) => failures.push(failure);
	const hooks = new PluginHooks({ plugins, clock, failed });
	return { clock, failures, hooks };
}

describe("beforeFunctionCall", () => {
	it("asks one plugin after the other, each once the one before is done", async () => {
		const said: string[] = [];
		const first = deferred();
		const { hooks } = fixture(
			{
				name: "a",
				beforeFunctionCall: async ({ id }) => {
					said.push(`a ${id}`);
					await first.promise;
				},
			},
			{ name: "b", beforeFunctionCall: () => void said.push("b") },
		);
		const asked = hooks.before(call);
		await Promise.resolve();
		expect(said).toEqual(["a call_1"]);
		first.resolve();
		await asked;
		expect(said).toEqual(["a call_1", "b"]);
	});

	it("costs nothing where nobody wants to be asked", () => {
		const { hooks } = fixture({
			name: "a",
			afterFunctionCall: () => undefined,
		});
		expect(hooks.before(call)).toBeUndefined();
	});

	it("refuses the call with a plugin's error of a refusing code, under its id, and asks no further", async () => {
		let asked = false;
		const { hooks, failures } = fixture(
			{
				name: "a",
				beforeFunctionCall: () => {
					throw new EasyRemoteError("PERMISSION_DENIED", "not today", {
						hint: "come back tomorrow",
					});
				},
			},
			{
				name: "b",
				beforeFunctionCall: () => {
					asked = true;
				},
			},
		);
		await expect(hooks.before(call)).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
			message: "not today",
			hint: "come back tomorrow",
			callId: "call_1",
		});
		expect([asked, failures]).toEqual([false, []]);
	});

	it("knows an error of another copy of this package", async () => {
		const foreign = Object.assign(new Error("enough"), {
			name: "EasyRemoteError",
			code: "RESOURCE_EXHAUSTED",
			details: { retryAfterMs: 70 },
		});
		const { hooks } = fixture({
			name: "a",
			beforeFunctionCall: () => Promise.reject(foreign),
		});
		const refusal = await hooks.before(call)?.catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(EasyRemoteError);
		expect(refusal).toMatchObject({ retryAfterMs: 70, retryable: true });
	});

	it.each<[string, Error, string]>([
		["any other error", new TypeError("oops"), "TypeError: oops"],
		[
			"a code that says how far a call came",
			new EasyRemoteError("ABORTED", "gone"),
			"EasyRemoteError: gone",
		],
		[
			"something that is no error",
			"oops" as unknown as Error,
			"it threw something that is no error",
		],
	])(
		"reports and skips a plugin that throws %s",
		async (_what, thrown, reason) => {
			let asked = false;
			const { hooks, failures } = fixture(
				{
					name: "bad",
					beforeFunctionCall: () => {
						throw thrown;
					},
				},
				{
					name: "good",
					beforeFunctionCall: () => {
						asked = true;
					},
				},
			);
			await hooks.before(call);
			expect(asked).toBe(true);
			expect(failures).toEqual([
				{ plugin: "bad", hook: "beforeFunctionCall", reason },
			]);
			expect(hooks.failures).toEqual({ bad: 1, good: 0 });
		},
	);

	it.each([
		[undefined, 5_000],
		["20ms", 20],
	])(
		"skips a plugin with timeout %s that is late, whatever becomes of it",
		async (timeout, ms) => {
			const late = deferred();
			const { hooks, failures, clock } = fixture({
				name: "slow",
				timeout,
				beforeFunctionCall: () => late.promise,
			});
			let over = false;
			const asked = hooks.before(call)?.then(() => {
				over = true;
			});
			await clock.advance(ms - 1);
			expect(over).toBe(false);
			await clock.advance(1);
			await asked;
			expect(failures).toEqual([
				{
					plugin: "slow",
					hook: "beforeFunctionCall",
					reason: `Error: it was not done after ${ms} ms`,
				},
			]);
			// Too late to refuse anything, and nobody's unhandled rejection.
			late.reject(new EasyRemoteError("PERMISSION_DENIED", "no"));
			await clock.advance(0);
			expect(failures).toHaveLength(1);
			expect(clock.pending).toBe(0);
		},
	);
});

describe("what is told", () => {
	it("is how a call ended, by one hook or the other, and who comes and goes", async () => {
		const said: unknown[] = [];
		const { hooks } = fixture({
			name: "a",
			afterFunctionCall: (done) => void said.push(["after", done]),
			onFunctionError: ({ error, ...failed }) =>
				void said.push(["error", failed, error.code]),
			onNodeJoin: (joined) => void said.push(["join", joined]),
			onNodeLeave: (gone) => void said.push(["leave", gone]),
			close: () => void said.push("close"),
		});
		hooks.joined(node);
		hooks.over(call, undefined);
		hooks.over(call, new EasyRemoteError("CANCELLED", "enough"));
		hooks.left(node);
		await hooks.close();
		expect(said).toEqual([
			["join", node],
			["after", call],
			["error", call, "CANCELLED"],
			["leave", node],
			"close",
		]);
	});

	it("goes to the next plugin when one fails, also as the last thing", async () => {
		const said: string[] = [];
		const bad = () => {
			throw new Error("no");
		};
		const { hooks, failures } = fixture(
			{ name: "bad", afterFunctionCall: bad, close: bad },
			{
				name: "good",
				afterFunctionCall: () => void said.push("after"),
				close: () => void said.push("close"),
			},
		);
		hooks.over(call, undefined);
		await hooks.close();
		expect(said).toEqual(["after", "close"]);
		expect(failures.map(({ hook }) => hook)).toEqual([
			"afterFunctionCall",
			"close",
		]);
	});

	it("is waited for when all closes, as long as its time is not up", async () => {
		const { hooks, clock } = fixture({
			name: "slow",
			timeout: 100,
			afterFunctionCall: () => new Promise(() => undefined),
		});
		hooks.over(call, undefined);
		let closed = false;
		const closing = hooks.close().then(() => {
			closed = true;
		});
		await clock.advance(99);
		expect(closed).toBe(false);
		await clock.advance(1);
		await closing;
		expect(clock.pending).toBe(0);
	});

	it("is left out for a plugin that cannot keep up", async () => {
		const { hooks, failures, clock } = fixture({
			name: "slow",
			afterFunctionCall: () => new Promise(() => undefined),
		});
		for (let n = 0; n < 10_001; n += 1) hooks.over(call, undefined);
		expect(failures).toEqual([
			{
				plugin: "slow",
				hook: "afterFunctionCall",
				reason: "Error: 10000 hooks are under way already",
			},
		]);
		await clock.advance(5_000);
		expect(hooks.failures).toEqual({ slow: 10_001 });
	});
});
