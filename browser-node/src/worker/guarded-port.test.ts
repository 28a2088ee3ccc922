import type { EasyRemoteError } from "@easyremote/shared/errors";
import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import {
	type FunctionCommand,
	STREAM_WINDOW_ITEMS,
} from "../ports/function-port.js";
import { guardedPort, type ReportLimits } from "./guarded-port.js";

/** The guard's end of a channel, on which a Worker may say anything: what is said arrives at once. */
class FakePort extends EventTarget {
	/** The room that the Worker was told of. */
	readonly credits: Extract<FunctionCommand, { type: "credit" }>[] = [];

	postMessage(command: FunctionCommand): void {
		if (command.type === "credit") this.credits.push(command);
	}
	start(): void {}
	close(): void {}

	say(report: unknown, ports: MessagePort[] = []): void {
		const data: unknown = structuredClone(report);
		this.dispatchEvent(new MessageEvent("message", { data, ports }));
	}
}

const CALL: FunctionCommand = {
	type: "call",
	call: 1,
	name: "add",
	facts: { id: "c", attempt: 1, caller: { id: "a", subject: "a" } },
	args: [],
	inputs: [0],
};

/** A guard with a Worker's end to say anything on. */
function createBench(limits: Partial<ReportLimits> = {}) {
	const port = new FakePort();
	const passed: unknown[] = [];
	const violations: EasyRemoteError[] = [];
	const clock = new ManualClock();
	const guard = guardedPort(port as unknown as MessagePort, {
		violated: (error) => violations.push(error),
		clock,
		limits,
	});
	guard.addEventListener("message", (event) =>
		passed.push((event as MessageEvent<unknown>).data),
	);
	guard.start();
	return {
		guard,
		clock,
		passed,
		violations,
		port,
		latestReceipt: () => port.credits.at(-1)?.receipt ?? 0,
		/** Says things as the Worker would. */
		say: (...reports: unknown[]) => {
			for (const report of reports) port.say(report);
		},
	};
}

const ready = { type: "ready", functions: [] };
const result = { type: "result", call: 1, value: 5 };
const item = { type: "item", call: 1, value: 1 };
const window = Array<object>(STREAM_WINDOW_ITEMS).fill(item);
const credit = { type: "credit", call: 1, items: 1 } as const;
const stream = { type: "stream", call: 1 };
const progress = { type: "progress", call: 1, progress: { fraction: 0.5 } };
const pull = { type: "input_pull", call: 1, input: 0 };
const thrown = { name: "Error", message: "no" };

describe("guardedPort", () => {
	it("passes on what a Worker says in order", () => {
		const { guard, passed, violations, say } = createBench();
		say(ready);
		guard.postMessage(CALL, []);
		const reports = [
			progress,
			{ type: "log", call: 1, message: "hm", fields: { a: 1 } },
			pull,
			{ type: "input_return", call: 1, input: 0 },
			stream,
			item,
			result,
		];
		say(...reports);
		expect(passed).toEqual([ready, ...reports]);
		guard.postMessage({ ...CALL, call: 2 }, []);
		say({ type: "failed", call: 2, error: thrown });
		expect(passed.at(-1)).toEqual({ type: "failed", call: 2, error: thrown });
		expect(violations).toEqual([]);
	});

	it("gives room for items, and for pieces of input, as they are given", () => {
		const { guard, passed, violations, say, latestReceipt } = createBench();
		guard.postMessage(CALL, []);
		say(stream, ...window);
		guard.postMessage({ ...credit, items: 2 }, []);
		say({ ...item, receipt: latestReceipt() }, item);
		for (let round = 0; round < 100; round += 1) {
			say(pull);
			guard.postMessage(
				{ type: "input_item", call: 1, input: 0, value: 0 },
				[],
			);
		}
		expect(violations).toEqual([]);
		expect(passed).toHaveLength(STREAM_WINDOW_ITEMS + 3 + 100);
	});

	it("slows down a stream whose reader keeps up with any flood", async () => {
		const { guard, clock, port, violations, say, latestReceipt } = createBench({
			credits: { burst: 2, perSecond: 10 },
		});
		const next = () => ({ ...item, receipt: latestReceipt() });
		guard.postMessage(CALL, []);
		say(stream, ...window);
		for (let round = 0; round < 3; round += 1) guard.postMessage(credit, []);
		expect(port.credits).toHaveLength(2);
		say(next(), next());
		await clock.advance(100);
		expect(port.credits).toHaveLength(3);
		say(next());
		expect(violations).toEqual([]);
		say(next());
		expect(violations).toHaveLength(1);
	});

	it.each<[string, (receipt: number) => object]>([
		["has not heard of", () => item],
		["guesses", (receipt) => ({ ...item, receipt: receipt + 1 })],
		["was given before", (receipt) => ({ ...item, receipt })],
	])("counts no room that the Worker %s", (_what, next) => {
		const { guard, violations, say, latestReceipt } = createBench();
		guard.postMessage(CALL, []);
		say(stream, ...window);
		guard.postMessage(credit, []);
		const receipt = latestReceipt();
		say({ ...item, receipt });
		guard.postMessage(credit, []);
		expect(violations).toEqual([]);
		say(next(receipt));
		expect(violations).toHaveLength(1);
	});

	it("keeps only what is known of a report, and texts short", () => {
		const { guard, passed, say } = createBench();
		guard.postMessage(CALL, []);
		const message = "x".repeat(100_000);
		say({
			type: "failed",
			call: 1,
			extra: 1,
			error: { ...thrown, message, more: 2 },
		});
		expect(passed).toEqual([
			{
				type: "failed",
				call: 1,
				error: { name: "Error", message: message.slice(0, 8192) },
			},
		]);
	});

	it("does not listen to a function whose call is over", () => {
		const { guard, passed, violations, say } = createBench();
		guard.postMessage(CALL, []);
		say(result, progress, pull);
		expect(passed).toEqual([result]);
		expect(violations).toEqual([]);
	});

	const flood = Array<object>(200).fill(progress);
	const large = { ...result, value: new Uint8Array(2_000_000) };
	it.each<[string, unknown[]]>([
		["nothing", [undefined]],
		["text", ["ready"]],
		["an unknown type", [{ type: "exec", call: 1 }]],
		["a result without a call", [{ type: "result", value: 1 }]],
		["a number that is none", [{ ...result, call: "1" }]],
		["a negative number", [{ ...result, call: -1 }]],
		["another call's result", [{ ...result, call: 2 }]],
		["a second result", [result, result]],
		["an item after the result", [stream, result, item]],
		["an item without a stream", [item]],
		["two streams", [stream, stream]],
		["more items than there is room for", [stream, ...window, item]],
		["an input that is none", [{ ...pull, input: 1 }]],
		["too many pulls", Array<object>(65).fill(pull)],
		["two readies", [ready, ready]],
		["functions that are none", [{ ...ready, functions: [{ name: 1 }] }]],
		["an error that is none", [{ type: "crashed", error: "boom" }]],
		["progress that is none", [{ ...progress, progress: { fraction: "1" } }]],
		["a flood", flood],
		["a large value", [large]],
		[
			"many values",
			[
				stream,
				{ ...item, value: "x".repeat(600_000) },
				{ ...item, value: "x".repeat(600_000) },
			],
		],
		[
			"fields without end",
			[{ type: "log", call: 1, message: "", fields: { a: new Array(1e9) } }],
		],
		["what is no data", [{ ...result, value: new Blob(["x"]) }]],
	])("stops a Worker that says %s", (_what, reports) => {
		const { guard, passed, violations, say } = createBench({
			maxCallBytes: 1_000_000,
			reports: { burst: 100, perSecond: 1 },
		});
		guard.postMessage(CALL, []);
		say(...reports, result);
		expect(violations).toHaveLength(1);
		expect(violations[0]).toMatchObject({
			code: "INTERNAL",
			details: { reason: "sandbox_violation" },
		});
		// What came before was in order; nothing comes after.
		expect(passed.length).toBeLessThan(reports.length);
		const before = passed.length;
		say(ready, result);
		expect(passed).toHaveLength(before);
	});

	it("stops a Worker that sends a port along", () => {
		const { guard, passed, violations, port } = createBench();
		guard.postMessage(CALL, []);
		const { port1 } = new MessageChannel();
		port.say(result, [port1]);
		port1.close();
		expect(violations).toHaveLength(1);
		expect(passed).toEqual([]);
	});
});
