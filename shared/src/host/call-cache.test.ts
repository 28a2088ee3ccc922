import { describe, expect, it } from "vitest";
import { define } from "../functions/define.js";
import type { FunctionOptions } from "../functions/function-options.js";
import { functionEntry } from "../functions/function-entry.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { hostFixture } from "./testing/host-fixture.js";
import type { ScriptedCaller } from "./testing/scripted-caller.js";

const bert = {
	id: "key_bert",
	subject: "bert",
	anonymous: false,
	grants: ["call:*"],
};

/** A host with one function that keeps its answers for a second and counts its runs. */
function counting(
	run: (...args: never[]) => unknown = (n) => n,
	options: Pick<FunctionOptions, "cache"> = {},
	hostOptions = {},
) {
	let runs = 0;
	const fixture = hostFixture(
		{
			counted: define(
				{ cache: { ttl: 1_000 }, ...options },
				(_call, ...args) => {
					runs += 1;
					return run(...(args as never[]));
				},
			),
		},
		hostOptions,
	);
	return { ...fixture, runs: () => runs };
}

/** Digests are made by another thread. */
async function answered(call: ScriptedCaller): Promise<ScriptedCaller> {
	await expect.poll(() => call.ended).toBe(true);
	return call;
}

/** A function that runs until it is told what to answer. */
function held() {
	const finish: ((value: unknown) => void)[] = [];
	const fail: ((error: Error) => void)[] = [];
	const run = () =>
		new Promise<unknown>((resolve, reject) => {
			finish.push(resolve);
			fail.push(reject);
		});
	return { finish, fail, run };
}

describe("a function that keeps its answers", () => {
	it("runs once for equal calls one after the other, and the answer says how fresh it is", async () => {
		const { caller, clock, runs, reports } = counting();
		const first = await answered(caller().call("counted", [7]));
		await clock.advance(400);
		const second = await answered(caller().call("counted", [7]));
		expect([first.result, second.result, runs()]).toEqual([7, 7, 1]);
		expect(first.said.at(-1)?.header).toMatchObject({ freshMs: 1_000 });
		expect(first.said.at(-1)?.header).not.toHaveProperty("cached");
		expect(second.said.at(-1)?.header).toMatchObject({
			cached: true,
			freshMs: 600,
		});
		expect(reports.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
		expect(second.released).toBe(1);
	});

	it("runs again once the answer has expired", async () => {
		const { caller, clock, runs } = counting();
		await answered(caller().call("counted", [7]));
		await clock.advance(1_000);
		await answered(caller().call("counted", [7]));
		expect(runs()).toBe(2);
	});

	it("never gives one principal the answer of another, nor that to other arguments or formats", async () => {
		const { caller, runs } = counting();
		await answered(caller().call("counted", [1]));
		await answered(caller(bert).call("counted", [1]));
		await answered(caller().call("counted", [2]));
		await answered(caller().call("counted", [1], { accept: "json" }));
		expect(runs()).toBe(4);
	});

	it("runs for a call that wants no kept answer, and keeps the new one", async () => {
		let value = 0;
		const { caller, runs } = counting(() => (value += 1));
		await answered(caller().call("counted"));
		const fresh = await answered(
			caller().call("counted", [], { cache: false }),
		);
		const kept = await answered(caller().call("counted"));
		expect([fresh.result, kept.result, runs()]).toEqual([2, 2, 2]);
	});

	it("does not answer from what was registered before under its name", async () => {
		const { caller, host } = counting();
		await answered(caller().call("counted", [1]));
		host.table.remove(["counted"]);
		const other = () => "other";
		host.table.add([
			functionEntry("counted", other, { cache: { ttl: 1_000 } }),
		]);
		const call = await answered(caller().call("counted", [1]));
		expect(call.result).toBe("other");
	});

	it("keeps the value undefined as well", async () => {
		const { caller, runs } = counting(() => undefined);
		await answered(caller().call("counted"));
		const call = await answered(caller().call("counted"));
		expect([call.result, runs()]).toEqual([undefined, 1]);
	});

	it("keeps neither failures nor answers that are too large", async () => {
		const { caller, runs } = counting(
			(text: string) => {
				if (text === "") throw new TypeError("nothing");
				return text;
			},
			{},
			{ caching: { maxAnswerBytes: 1_000 } },
		);
		for (const text of ["", "", "x".repeat(2_000), "x".repeat(2_000)])
			await answered(caller().call("counted", [text]));
		expect(runs()).toBe(4);
	});

	it("says of an answer that is not kept that it may not be given again", async () => {
		const { caller } = counting(
			() => "x".repeat(2_000),
			{},
			{
				caching: { maxAnswerBytes: 1_000 },
			},
		);
		const call = await answered(caller().call("counted"));
		expect(call.said.at(-1)?.header).toMatchObject({ freshMs: 0 });
	});

	it("asks who calls before it answers, kept or not", async () => {
		const { caller } = counting();
		await answered(caller().call("counted", [1]));
		const nobody = { ...bert, grants: [] };
		expect(caller(nobody).call("counted", [1]).error.code).toBe("NOT_FOUND");
	});

	it("counts each call once towards its caller's quota, kept or not", async () => {
		const { caller } = counting();
		const counted = { ...bert, quota: { key: "bert", callsPerMinute: 2 } };
		await answered(caller(counted).call("counted", [1]));
		await answered(caller(counted).call("counted", [1]));
		expect(caller(counted).call("counted", [1]).error.code).toBe(
			"RESOURCE_EXHAUSTED",
		);
	});

	it("answers from the cache where there is no place to run", async () => {
		const { run, finish } = held();
		const { caller } = counting(
			run,
			{},
			{
				limits: { maxConcurrent: 1, maxQueue: 0 },
			},
		);
		const first = caller().call("counted", ["a"]);
		await expect.poll(() => finish.length).toBe(1);
		finish[0]?.("done");
		await answered(first);
		caller().call("counted", ["b"]);
		await expect.poll(() => finish.length).toBe(2);
		expect((await answered(caller().call("counted", ["a"]))).result).toBe(
			"done",
		);
	});

	it("does nothing of this where the node keeps no answers, or it does not ask", async () => {
		const off = counting(undefined, {}, { caching: false });
		for (let n = 0; n < 2; n += 1) await answered(off.caller().call("counted"));
		expect(off.runs()).toBe(2);
		expect(off.reports.map(({ cache }) => cache)).toEqual([
			undefined,
			undefined,
		]);
		const plain = counting(undefined, { cache: undefined });
		for (let n = 0; n < 2; n += 1)
			await answered(plain.caller().call("counted"));
		expect(plain.runs()).toBe(2);
	});
});

describe("equal calls at the same time", () => {
	it("share one run, its progress and its answer; only the first is a miss", async () => {
		const { run, finish } = held();
		const { caller, host, reports } = counting(run);
		const calls = ["a", "b", "c"].map((id) =>
			caller().call("counted", [], { id }),
		);
		await expect
			.poll(() => calls.every(({ types }) => types.length > 0))
			.toBe(true);
		expect(host.load).toMatchObject({ running: 1, queued: 0 });
		finish[0]?.("shared");
		for (const call of calls) {
			await answered(call);
			expect(call.types).toEqual(["accepted", "function_response"]);
			expect(call.result).toBe("shared");
		}
		expect(finish).toHaveLength(1);
		expect(reports.map(({ cache }) => cache).sort()).toEqual([
			"hit",
			"hit",
			"miss",
		]);
	});

	it("go on when one of them is cancelled, be it the first", async () => {
		const { run, finish } = held();
		const { caller } = counting(run);
		const first = caller().call("counted");
		await expect.poll(() => finish.length).toBe(1);
		const second = caller().call("counted");
		await expect.poll(() => second.types).toEqual(["accepted"]);
		first.fail();
		finish[0]?.("still");
		expect((await answered(second)).result).toBe("still");
		expect(first.types).toEqual(["accepted"]);
		expect(finish).toHaveLength(1);
	});

	it("outlive a deadline of one of them", async () => {
		const { run, finish } = held();
		const { caller, clock } = counting(run);
		const hasty = caller().call("counted", [], { deadlineMs: 50 });
		await expect.poll(() => finish.length).toBe(1);
		const patient = caller().call("counted", [], { deadlineMs: 500 });
		await expect.poll(() => patient.types).toEqual(["accepted"]);
		await clock.advance(60);
		expect(hasty.error.code).toBe("DEADLINE_EXCEEDED");
		finish[0]?.("in time");
		expect((await answered(patient)).result).toBe("in time");
	});

	it("end the function when the last of them is cancelled, and the next call runs anew", async () => {
		const signals: AbortSignal[] = [];
		const { caller, host } = hostFixture({
			hang: define({ cache: { ttl: "1m" } }, (call) => {
				signals.push(call.signal);
				return new Promise(() => undefined);
			}),
		});
		const calls = [caller().call("hang"), caller().call("hang")];
		await expect
			.poll(() => calls.every(({ types }) => types.length > 0))
			.toBe(true);
		for (const call of calls) call.fail();
		expect(signals[0]?.aborted).toBe(true);
		expect(host.load.running).toBe(0);
		caller().call("hang");
		await expect.poll(() => signals.length).toBe(2);
	});

	it("are all told of a failure, each under its own id, and the next one runs anew", async () => {
		const { run, fail, finish } = held();
		const { caller } = counting(run);
		const calls = ["a", "b"].map((id) => caller().call("counted", [], { id }));
		await expect
			.poll(() => calls.every(({ types }) => types.length > 0))
			.toBe(true);
		fail[0]?.(new TypeError("no luck"));
		for (const call of calls) await answered(call);
		expect(calls.map(({ error }) => [error.code, error.callId])).toEqual([
			["FUNCTION_ERROR", "a"],
			["FUNCTION_ERROR", "b"],
		]);
		caller().call("counted");
		await expect.poll(() => finish.length).toBe(2);
	});

	it("are refused together where there is no place", async () => {
		const { run, finish } = held();
		const { caller } = counting(
			run,
			{},
			{
				limits: { maxConcurrent: 1, maxQueue: 0 },
			},
		);
		caller().call("counted", ["a"]);
		await expect.poll(() => finish.length).toBe(1);
		const refused = await answered(caller().call("counted", ["b"]));
		expect(refused.error.code).toBe("RESOURCE_EXHAUSTED");
		expect(refused.types).toEqual(["error"]);
	});

	it("each get a stream of their own where the function turns out to give one", async () => {
		let release: () => void = () => undefined;
		const ready = new Promise<void>((resolve) => {
			release = resolve;
		});
		let runs = 0;
		const { caller } = hostFixture({
			items: define({ cache: { ttl: "1m" } }, async () => {
				runs += 1;
				await ready;
				return (async function* () {
					yield 1;
					yield 2;
				})();
			}),
		});
		const calls = [caller().call("items"), caller().call("items")];
		await expect
			.poll(() => calls.every(({ types }) => types.length > 0))
			.toBe(true);
		expect(runs).toBe(1);
		release();
		for (const call of calls) {
			await answered(call);
			expect(call.values("stream_data")).toEqual([1, 2]);
			expect(call.said.at(-1)?.header).not.toHaveProperty("freshMs");
		}
		expect(runs).toBe(2);
		await answered(caller().call("items"));
		expect(runs).toBe(3);
	});
});

describe("what is never kept", () => {
	it("is what comes of arguments that arrive in pieces, and of generators", async () => {
		let runs = 0;
		const { caller } = hostFixture({
			sum: define(
				{ cache: { ttl: "1m" } },
				async (_call, values: AsyncIterable<number>) => {
					runs += 1;
					let total = 0;
					for await (const value of values) total += value;
					return total;
				},
			),
			count: define({ cache: { ttl: "1m" } }, async function* () {
				runs += 1;
				yield 1;
			}),
		});
		for (let n = 0; n < 2; n += 1) {
			const call = caller().call("sum", [undefined], { inputs: [0] });
			call.input(0, 5);
			call.inputEnd(0);
			expect((await answered(call)).result).toBe(5);
			await answered(caller().call("count"));
		}
		expect(runs).toBe(4);
	});
});

it("sends shared runs away with the rest when the node drains", async () => {
	const { caller, host, clock } = counting(() => new Promise(() => undefined));
	const calls = [caller().call("counted"), caller().call("counted")];
	await expect
		.poll(() => calls.every(({ types }) => types.length > 0))
		.toBe(true);
	const drained = host.drain(100);
	await clock.advance(100);
	await drained;
	for (const call of calls) expect(call.error).toBeInstanceOf(EasyRemoteError);
	expect(calls.map(({ error }) => error.code)).toEqual(["ABORTED", "ABORTED"]);
	expect(clock.pending).toBe(0);
});
