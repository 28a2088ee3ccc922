import { describe, expect, it } from "vitest";
import { define } from "../functions/define.js";
import { hostFixture } from "./testing/host-fixture.js";
import { settle } from "./testing/scripted-caller.js";

describe("the queue", () => {
	it("holds what does not fit, refuses what is too much, and lets cancelled calls leave", async () => {
		const finish: (() => void)[] = [];
		const { caller, host } = hostFixture(
			{ wait: () => new Promise<void>((resolve) => finish.push(resolve)) },
			{ limits: { maxConcurrent: 1, maxQueue: 1 } },
		);
		const [first, second] = [caller().call("wait"), caller().call("wait")];
		expect(second.types).toEqual([]);
		const third = caller().call("wait");
		expect(third.error.code).toBe("RESOURCE_EXHAUSTED");
		expect(third.error.retryAfterMs).toBeGreaterThan(0);
		second.fail();
		expect(host.load.queued).toBe(0);
		const fourth = caller().call("wait");
		finish[0]?.();
		await settle();
		expect(first.ended).toBe(true);
		expect(fourth.types).toEqual(["accepted"]);
	});

	it("never starts a call whose deadline has passed", async () => {
		let started = 0;
		const { caller, clock } = hostFixture(
			{
				wait: () => {
					started += 1;
					return new Promise(() => undefined);
				},
			},
			{ limits: { maxConcurrent: 1, maxQueue: 5 } },
		);
		caller().call("wait");
		const late = caller().call("wait", [], { deadlineMs: 50 });
		await clock.advance(60);
		expect(late.error).toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { phase: "queued" },
		});
		expect(caller().call("wait", [], { deadlineMs: 0 }).error.code).toBe(
			"DEADLINE_EXCEEDED",
		);
		expect(started).toBe(1);
	});
});

describe("the deadline", () => {
	it("ends the call, fires the signal and frees the place, even of a function that does not listen", async () => {
		let signal: AbortSignal | undefined;
		let finish: ((value: string) => void) | undefined;
		const { caller, clock, host, reports } = hostFixture({
			stubborn: define({}, (call) => {
				signal = call.signal;
				return new Promise<string>((resolve) => {
					finish = resolve;
				});
			}),
		});
		const call = caller().call("stubborn", [], { deadlineMs: 100 });
		await clock.advance(100);
		expect(call.error).toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { phase: "running" },
		});
		expect(signal?.aborted).toBe(true);
		expect(signal?.reason).toMatchObject({ code: "DEADLINE_EXCEEDED" });
		expect(host.load.running).toBe(0);
		finish?.("too late");
		await settle();
		expect(call.types).toEqual(["accepted", "error"]);
		expect(reports).toHaveLength(1);
		expect(clock.pending).toBe(0);
	});

	it("of the node is not for streams, whose readers and writers decide", async () => {
		const { caller, clock } = hostFixture(
			{
				*count() {
					yield 1;
				},
				hidden: () => ({
					[Symbol.asyncIterator]: () => ({
						next: () => new Promise(() => undefined),
					}),
				}),
				upload: (_bytes: unknown) => new Promise(() => undefined),
			},
			{ requestTimeoutMs: 1000 },
		);
		const full = caller();
		full.writable = false;
		full.call("count");
		const hidden = caller().call("hidden");
		const bounded = caller().call("hidden", [], { deadlineMs: 3000 });
		const upload = caller().call("upload", [undefined], { inputs: [0] });
		await clock.advance(2000);
		expect([full.cancelled, hidden.ended, upload.ended]).toEqual([
			undefined,
			false,
			false,
		]);
		await clock.advance(1000);
		expect(bounded.error.code).toBe("DEADLINE_EXCEEDED");
		for (const call of [full, hidden, upload]) call.fail();
		expect(clock.pending).toBe(0);
	});

	it("is the function's own timeout, else the node's, whatever the caller allows", async () => {
		const wait = () => new Promise(() => undefined);
		const { caller, clock } = hostFixture(
			{
				brief: define({ timeout: "20ms" }, wait),
				long: define({ timeout: "2h" }, wait),
				plain: wait,
			},
			{ requestTimeoutMs: 1000 },
		);
		const [brief, long, plain] = ["brief", "long", "plain"].map((name) =>
			caller().call(name, [], { deadlineMs: 60_000 }),
		);
		await clock.advance(20);
		expect(brief?.ended).toBe(true);
		await clock.advance(980);
		expect([long?.ended, plain?.ended]).toEqual([false, true]);
		await clock.advance(59_000);
		expect(long?.error.code).toBe("DEADLINE_EXCEEDED");
	});
});

describe("drain", () => {
	it("finishes running calls, sends waiting ones away, and refuses new ones", async () => {
		const { caller, clock, host } = hostFixture(
			{
				later: () =>
					new Promise((resolve) => clock.schedule(100, () => resolve("done"))),
			},
			{ limits: { maxConcurrent: 1 } },
		);
		const [running, waiting] = [caller().call("later"), caller().call("later")];
		let drained = false;
		const draining = host.drain(1000).then(() => {
			drained = true;
		});
		expect(waiting.error).toMatchObject({
			code: "UNAVAILABLE",
			details: { reason: "draining" },
		});
		expect(caller().call("later").error.code).toBe("UNAVAILABLE");
		await clock.advance(99);
		expect(drained).toBe(false);
		await clock.advance(1);
		await draining;
		expect(running.result).toBe("done");
		expect(clock.pending).toBe(0);
	});

	it("cuts off what does not finish in time", async () => {
		const { caller, clock, host } = hostFixture({
			forever: () => new Promise(() => undefined),
		});
		const call = caller().call("forever");
		const draining = host.drain(1000);
		await clock.advance(1000);
		await draining;
		expect(call.error.code).toBe("ABORTED");
		expect(clock.pending).toBe(0);
	});
});

describe("overload", () => {
	it("is told to the caller at once", () => {
		const { caller } = hostFixture(
			{ add: () => 1 },
			{ overloaded: () => "memory at 85 %, its limit is 80 %" },
		);
		expect(caller().call("add").error).toMatchObject({
			code: "UNAVAILABLE",
			retryable: true,
		});
	});
});
