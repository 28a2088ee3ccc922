import { threadId } from "node:worker_threads";
import { deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	type CallContext,
	type CallProgress,
	collectFunctions,
} from "@easyremote/shared/functions";
import { afterAll, describe, expect, it } from "vitest";
import * as functions from "../testing/worker-functions.js";
import { WorkerExecutor } from "./worker-executor.js";

const module = new URL("../testing/worker-functions.ts", import.meta.url).href;
const entries = new Map(
	collectFunctions(functions).map((entry) => [entry.name, entry]),
);
const executor = new WorkerExecutor({
	maxThreads: 1,
	graceMs: 50,
	sourceOf: ({ name }) => ({ module, name }),
});

afterAll(() => executor.close());

/** A context that writes down what the function says. */
function context() {
	const controller = new AbortController();
	const progress: (number | CallProgress)[] = [];
	const logs: unknown[] = [];
	const call: CallContext = {
		id: "call_1",
		signal: controller.signal,
		deadline: undefined,
		attempt: 2,
		caller: { id: "key_anna", subject: "anna" },
		traceparent: undefined,
		progress: (value) => progress.push(value),
		log: (...line) => logs.push(line),
	};
	return { call, controller, progress, logs };
}

function run(
	name: string,
	args: readonly unknown[] = [],
	call = context().call,
): Promise<unknown> {
	const entry = entries.get(name);
	if (!entry) throw new Error(`no function ${name}`);
	return executor.run(entry, call, args);
}

async function stream(
	name: string,
	args: readonly unknown[] = [],
	call = context().call,
) {
	return (await run(name, args, call)) as AsyncIterableIterator<unknown>;
}

describe("WorkerExecutor", () => {
	it("runs functions in another thread, which stays for the next call", async () => {
		expect(await run("add", [1, 2])).toBe(3);
		const thread = await run("where");
		expect(thread).not.toBe(threadId);
		expect(await run("where")).toBe(thread);
	});

	it("hands large buffers over and small ones as copies", async () => {
		const large = new Uint8Array(100_000).fill(1);
		const small = new Uint8Array(10).fill(1);
		expect(await run("invert", [large])).toEqual(
			new Uint8Array(100_000).fill(254),
		);
		expect(await run("invert", [small])).toEqual(new Uint8Array(10).fill(254));
		expect(large.length).toBe(0);
		expect(small.length).toBe(10);
	});

	it("passes on progress, logs and what the call is", async () => {
		const { call, progress, logs } = context();
		expect(await run("work", [2], call)).toEqual({
			id: "call_1",
			attempt: 2,
			caller: { id: "key_anna", subject: "anna" },
		});
		expect(progress).toEqual([0.5, 1]);
		expect(logs).toEqual([["worked", { steps: 2 }]]);
	});

	it("passes on what functions throw", async () => {
		await expect(run("fail")).rejects.toMatchObject({
			name: "RangeError",
			message: "too far",
			stack: expect.stringContaining("worker-functions") as string,
		});
		await expect(run("refuse")).rejects.toMatchObject({
			code: "NOT_FOUND",
			message: "no such picture",
			hint: "look elsewhere",
		});
		await expect(run("unsendable")).rejects.toThrow(/could not be cloned/);
	});

	it("says which function a module lacks", async () => {
		const lacking = new WorkerExecutor({
			maxThreads: 1,
			sourceOf: () => ({ module, name: "missing" }),
		});
		const add = entries.get("add");
		if (add)
			await expect(lacking.run(add, context().call, [])).rejects.toThrow(
				/no function "missing"/,
			);
		await lacking.close();
	});
});

describe("streams from a worker thread", () => {
	it("arrive in order", async () => {
		const items: unknown[] = [];
		for await (const item of await stream("count", [4])) items.push(item);
		expect(items).toEqual([1, 2, 3, 4]);
	});

	it("are made no faster than they are read, and end when left", async () => {
		const items = await stream("endless");
		expect((await items.next()).value).toBe(1);
		expect((await items.next()).value).toBe(2);
		await items.return?.();
		expect(await run("madeSoFar")).toBe(-1);
	});
});

describe("arguments that stream to a worker thread", () => {
	it("arrive as they are asked for", async () => {
		async function* numbers() {
			yield 1;
			yield 2;
			yield 3;
		}
		expect(await run("total", [numbers()])).toBe(6);
	});

	it("are let go when the function leaves them, and fail in it when they fail", async () => {
		const left = deferred<string>();
		async function* numbers() {
			try {
				for (let n = 1; ; n += 1) yield n;
			} finally {
				left.resolve("left");
			}
		}
		expect(await run("firstOf", [numbers()])).toBe(1);
		expect(await left.promise).toBe("left");
		async function* broken() {
			yield 1;
			throw new EasyRemoteError("ABORTED", "the caller is gone");
		}
		await expect(run("total", [broken()])).rejects.toMatchObject({
			code: "ABORTED",
		});
	});
});

describe("cancellation", () => {
	it("reaches a function that listens, whose thread stays", async () => {
		const before = await run("where");
		const { call, controller } = context();
		const running = run("untilCancelled", [], call);
		controller.abort(new EasyRemoteError("CANCELLED", "no longer wanted"));
		await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
		expect(await run("where")).toBe(before);
	});

	it("ends the thread of one that does not, and the next call gets a new one", async () => {
		const before = await run("where");
		const { call, controller } = context();
		const running = run("spin", [], call);
		controller.abort(new EasyRemoteError("CANCELLED", "no longer wanted"));
		await expect(running).rejects.toMatchObject({ name: "WorkerError" });
		expect(await run("where")).not.toBe(before);
	});
});

describe("a crash", () => {
	it("fails its own call only", async () => {
		await expect(run("crash")).rejects.toMatchObject({
			name: "WorkerError",
			message: expect.stringContaining('"crash"') as string,
		});
		expect(await run("add", [1, 1])).toBe(2);
	});
});
