import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallContext } from "@easyremote/shared/functions";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { STREAM_WINDOW_ITEMS } from "../ports/function-port.js";
import { FunctionServer } from "./function-server.js";
import type { SpawnWorker } from "./pooled-worker.js";
import { CANCEL_GRACE_MS, LOAD_TIMEOUT_MS, WorkerPool } from "./worker-pool.js";

/** How far `count` has come, and what lets each `wait` go on. */
const seen = { reached: 0, waiting: [] as (() => void)[] };

/** What the fake Workers serve. */
const functions = {
	add: (a: number, b: number) => a + b,
	echo: (value: unknown) => value,
	fail: () => {
		throw new RangeError("too far");
	},
	refuse: () => {
		throw new EasyRemoteError("NOT_FOUND", "no such row", {
			hint: "look elsewhere",
		});
	},
	hang: () => new Promise(() => undefined),
	wait: () => new Promise<void>((resolve) => seen.waiting.push(resolve)),
	sum: async (numbers: AsyncIterable<number>) => {
		let sum = 0;
		for await (const number of numbers) sum += number;
		return sum;
	},
	first: async (numbers: AsyncIterable<number>) => {
		for await (const number of numbers) return number;
		return undefined;
	},
	async *count(to: number) {
		for (let number = 0; number < to; number += 1) {
			seen.reached = number;
			yield number;
		}
		return "end";
	},
};

interface Bench {
	readonly pool: WorkerPool;
	readonly clock: ManualClock;
	/** Ports of the Workers that live, by the order in which they were started. */
	readonly servers: Map<number, FunctionServer>;
	started: number;
}

const benches: Bench[] = [];
afterEach(() => {
	for (const { pool } of benches.splice(0)) pool.close();
});

function createBench(
	size: number,
	serve = (server: FunctionServer) => server.serve(functions),
	isolation?: "reuse" | "call",
): Bench {
	const clock = new ManualClock();
	const servers = new Map<number, FunctionServer>();
	const spawn: SpawnWorker = () => {
		const { port1, port2 } = new MessageChannel();
		const id = (bench.started += 1);
		const server = new FunctionServer(port2);
		servers.set(id, server);
		serve(server);
		return {
			port: port1,
			terminate: () => {
				servers.delete(id);
				port2.close();
			},
		};
	};
	const bench: Bench = {
		pool: new WorkerPool({ size, spawn, clock, isolation }),
		clock,
		servers,
		started: 0,
	};
	benches.push(bench);
	return bench;
}

function context(
	signal: AbortSignal = new AbortController().signal,
): CallContext & { told: unknown[] } {
	const told: unknown[] = [];
	return {
		id: "c1",
		attempt: 1,
		deadline: undefined,
		traceparent: undefined,
		caller: { id: "key:1", subject: "Ada" },
		signal,
		progress: (progress) => told.push(progress),
		log: (message) => told.push(message),
		told,
	};
}

describe("a pool of function Workers", () => {
	it("tells what the module exports, and runs it", async () => {
		const { pool } = createBench(2);
		const described = await pool.start();
		expect(described.map(({ name }) => name)).toContain("add");
		expect(await pool.run("add", context(), [1, 2])).toBe(3);
	});

	it("moves large buffers in and out, whole and of the same type", async () => {
		const { pool } = createBench(1);
		const sent = new Float32Array(20_000).fill(0.5);
		const back = await pool.run("echo", context(), [sent]);
		expect(back).toEqual(new Float32Array(20_000).fill(0.5));
		expect(sent.length).toBe(0);
	});

	it("keeps what a function threw: its name, or its code", async () => {
		const { pool } = createBench(1);
		await expect(pool.run("fail", context(), [])).rejects.toMatchObject({
			name: "RangeError",
			message: "too far",
		});
		await expect(pool.run("refuse", context(), [])).rejects.toMatchObject({
			code: "NOT_FOUND",
			hint: "look elsewhere",
		});
	});

	it("refuses arguments that cannot be moved, and goes on", async () => {
		const { pool } = createBench(1);
		await expect(pool.run("echo", context(), [() => 1])).rejects.toMatchObject({
			name: "DataCloneError",
		});
		await expect(pool.run("echo", context(), [1])).resolves.toBe(1);
	});

	it("streams no further ahead than its window", async () => {
		const { pool } = createBench(1);
		const stream = (await pool.run(
			"count",
			context(),
			[1000],
		)) as AsyncIterator<number>;
		expect(await stream.next()).toEqual({ done: false, value: 0 });
		await expect.poll(() => seen.reached).toBe(STREAM_WINDOW_ITEMS - 1);
		for (let number = 1; number < 1000; number += 1) {
			expect(await stream.next()).toEqual({ done: false, value: number });
		}
		expect(await stream.next()).toEqual({ done: true, value: "end" });
	});

	it("frees the Worker of a stream that is left early", async () => {
		const { pool } = createBench(1);
		const stream = (await pool.run(
			"count",
			context(),
			[1_000_000],
		)) as AsyncIterator<number>;
		await stream.next();
		await stream.return?.();
		expect(await pool.run("add", context(), [2, 2])).toBe(4);
	});

	it("feeds arguments that are streams, and tells them when nobody reads on", async () => {
		const { pool } = createBench(1);
		let left = false;
		async function* numbers() {
			try {
				for (let number = 1; number <= 4; number += 1) yield number;
			} finally {
				left = true;
			}
		}
		expect(await pool.run("sum", context(), [numbers()])).toBe(10);
		left = false;
		expect(await pool.run("first", context(), [numbers()])).toBe(1);
		await expect.poll(() => left).toBe(true);
	});

	it("starts Workers only as calls need them, up to its size", async () => {
		const bench = createBench(2);
		await bench.pool.start();
		expect(bench.started).toBe(1);
		const waits = [
			bench.pool.run("hang", context(), []),
			bench.pool.run("wait", context(), []),
		];
		for (const wait of waits) wait.catch(() => undefined);
		await expect.poll(() => bench.servers.size).toBe(2);
		const third = bench.pool.run("add", context(), [1, 1]);
		await expect.poll(() => seen.waiting.length).toBe(1);
		seen.waiting.pop()?.();
		expect(await third).toBe(2);
		expect(bench.started).toBe(2);
	});

	it("ends a Worker whose function goes on after its cancellation, and replaces it", async () => {
		const bench = createBench(1);
		await bench.pool.start();
		const controller = new AbortController();
		const hanging = bench.pool.run("hang", context(controller.signal), []);
		hanging.catch(() => undefined);
		await Promise.resolve();
		controller.abort(new EasyRemoteError("CANCELLED", "enough"));
		const next = bench.pool.run("add", context(), [1, 2]);
		await bench.clock.advance(CANCEL_GRACE_MS);
		await expect(hanging).rejects.toMatchObject({ code: "UNAVAILABLE" });
		expect(await next).toBe(3);
		expect(bench.started).toBe(2);
	});

	it("gives each call a Worker of its own where that is asked for, and ends it then", async () => {
		const bench = createBench(2, undefined, "call");
		await bench.pool.start();
		for (let call = 1; call <= 3; call += 1) {
			expect(await bench.pool.run("add", context(), [1, call])).toBe(call + 1);
			await expect.poll(() => bench.servers.size).toBe(0);
			expect(bench.started).toBe(call);
		}
		const stream = await bench.pool.run("count", context(), [20]);
		const items: unknown[] = [];
		for await (const item of stream as AsyncIterable<number>) items.push(item);
		expect(items).toHaveLength(20);
		expect(bench.started).toBe(4);
	});

	it("fails only the call in a Worker that crashed", async () => {
		const bench = createBench(2);
		await bench.pool.start();
		const doomed = bench.pool.run("hang", context(), []);
		doomed.catch(() => undefined);
		bench.servers.get(1)?.crashed(new TypeError("x is undefined"));
		await expect(doomed).rejects.toMatchObject({
			name: "TypeError",
			message: "x is undefined",
		});
		expect(await bench.pool.run("add", context(), [3, 4])).toBe(7);
	});

	it("does not run a call that was cancelled while it waited", async () => {
		const { pool } = createBench(1);
		pool.run("hang", context(), []).catch(() => undefined);
		const controller = new AbortController();
		const waiting = pool.run("add", context(controller.signal), [1, 2]);
		controller.abort(new EasyRemoteError("CANCELLED", "enough"));
		await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
	});

	it("says why a module cannot be loaded", async () => {
		const { pool } = createBench(1, (server) =>
			server.refuse(new SyntaxError("unexpected token")),
		);
		await expect(pool.start()).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining("unexpected token") as string,
		});
	});

	it("gives up a module that never finishes loading", async () => {
		const { pool, clock } = createBench(1, () => undefined);
		const started = pool.start();
		started.catch(() => undefined);
		await clock.advance(LOAD_TIMEOUT_MS);
		await expect(started).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
	});
});
