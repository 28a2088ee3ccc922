import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { ScriptedCall } from "../../testing/scripted-call.js";
import { ScriptedNetwork } from "../../testing/scripted-network.js";
import { ScriptedNode } from "../../testing/scripted-node.js";
import { maps } from "./lazy-map.js";
import type { MapOptions } from "./map-options.js";

// Its arrival is no part of what a clock moved by hand should see.
beforeAll(() => maps.load());

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

const input = (call: ScriptedCall) => call.args[0] as number;
const squares = (id = "n1", slots = 4) =>
	new ScriptedNode(id, slots).on("square", (call) =>
		call.accept().answer(input(call) ** 2),
	);
/** Keeps its calls until they are answered by hand. */
const keeper = (id: string, slots = 4, idempotent = false) =>
	new ScriptedNode(id, slots).on("square", (call) => void call.accept(), {
		idempotent,
	});

function square(
	net: ScriptedNetwork,
	inputs: Iterable<unknown> | AsyncIterable<unknown>,
	options?: MapOptions,
): AsyncIterableIterator<unknown> {
	const target = { function: "square" };
	return net.caller.map({ target, inputs, options });
}

async function all(results: AsyncIterable<unknown>): Promise<unknown[]> {
	const found: unknown[] = [];
	for await (const result of results) found.push(result);
	return found;
}

function* numbers(to: number, taken: number[] = []): Generator<number> {
	for (let n = 1; n <= to; n += 1) {
		taken.push(n);
		yield n;
	}
}

async function* slowly(values: readonly number[]): AsyncGenerator<number> {
	for (const value of values) {
		await Promise.resolve();
		yield value;
	}
}

describe("map", () => {
	it("gives a result for each input, in their order, from an iterable of either kind", async () => {
		const net = network([squares("a"), squares("b")]);
		const expected = Array.from({ length: 200 }, (_, n) => (n + 1) ** 2);
		expect(await all(square(net, numbers(200)))).toEqual(expected);
		expect(await all(square(net, slowly([3, 1, 2])))).toEqual([9, 1, 4]);
		expect(await all(square(net, []))).toEqual([]);
		for (const node of net.nodes) expect(node.calls.length).toBeGreaterThan(50);
	});

	it("takes no input before it is read, and no more than the reader keeps up with", async () => {
		const net = network([squares("a", 2)]);
		const taken: number[] = [];
		const results = square(net, numbers(1_000, taken), { buffer: 5 });
		await net.clock.advance(10);
		expect(taken).toEqual([]);
		await results.next();
		await net.clock.advance(10);
		expect(taken.length).toBeLessThanOrEqual(6);
		await results.return?.();
	});

	it("runs no more at once than told", async () => {
		const node = keeper("a", 50);
		const net = network([node]);
		const results = square(net, numbers(100), { concurrency: 3 });
		const first = results.next();
		await net.clock.advance(10);
		expect(node.calls).toHaveLength(3);
		node.calls[0]?.answer("done");
		expect(await first).toEqual({ done: false, value: "done" });
		await net.clock.advance(10);
		expect(node.calls).toHaveLength(4);
		await results.return?.();
		await net.clock.advance(10);
		expect(node.calls.slice(1).map((call) => call.cancelledWith?.code)).toEqual(
			["CANCELLED", "CANCELLED", "CANCELLED"],
		);
	});

	it("gives results as they come where order does not matter", async () => {
		const node = keeper("a");
		const net = network([node]);
		const results = square(net, [1, 2], { ordered: false });
		const first = results.next();
		await net.clock.advance(10);
		node.calls[1]?.answer("second");
		expect((await first).value).toBe("second");
		node.calls[0]?.answer("first");
		expect((await results.next()).value).toBe("first");
		expect((await results.next()).done).toBe(true);
	});

	it("ends with the first failure, after the results before it", async () => {
		const node = new ScriptedNode("a", 1).on("square", (call) =>
			input(call) === 3
				? call.refuse(new EasyRemoteError("INVALID_ARGUMENT", "three"))
				: call.accept().answer(input(call)),
		);
		const net = network([node]);
		const taken: number[] = [];
		const results = square(net, numbers(100, taken));
		expect((await results.next()).value).toBe(1);
		expect((await results.next()).value).toBe(2);
		await expect(results.next()).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
			message: "three",
		});
		expect((await results.next()).done).toBe(true);
		expect(taken.length).toBeLessThan(20);
	});

	it("tells of failures among the results where told to, and lets the rest go on", async () => {
		const node = new ScriptedNode("a", 2).on("square", (call) =>
			input(call) === 2
				? call.refuse(new EasyRemoteError("INVALID_ARGUMENT", "two"))
				: call.accept().answer(input(call)),
		);
		const net = network([node]);
		expect(await all(square(net, [1, 2, 3], { onError: "yield" }))).toEqual([
			{ status: "fulfilled", value: 1, index: 0, nodeId: "a" },
			{
				status: "rejected",
				reason: expect.objectContaining({ message: "two" }) as unknown,
				index: 1,
			},
			{ status: "fulfilled", value: 3, index: 2, nodeId: "a" },
		]);
	});

	it("stops everything when its signal aborts", async () => {
		const node = keeper("a");
		const net = network([node]);
		const stop = new AbortController();
		const results = square(net, numbers(10), { signal: stop.signal });
		const first = expect(results.next()).rejects.toMatchObject({
			code: "CANCELLED",
		});
		await net.clock.advance(10);
		stop.abort();
		await first;
		await net.clock.advance(10);
		for (const call of node.calls)
			expect(call.cancelledWith?.code).toBe("CANCELLED");
		await expect(
			square(net, [1], { signal: stop.signal }).next(),
		).rejects.toMatchObject({ code: "CANCELLED" });
	});

	it("ends with what the source throws, and tells a source that it is left", async () => {
		const net = network([squares()]);
		async function* broken(): AsyncGenerator<number> {
			yield 1;
			await Promise.resolve();
			throw new RangeError("no more");
		}
		await expect(all(square(net, broken()))).rejects.toThrow(RangeError);

		let left = false;
		function* endless(): Generator<number> {
			try {
				for (;;) yield 1;
			} finally {
				left = true;
			}
		}
		for await (const result of square(net, endless())) {
			expect(result).toBe(1);
			break;
		}
		expect(left).toBe(true);
	});

	it("fails at once where nobody offers the function, and where options make no sense", async () => {
		const net = network([]);
		net.routeError = new EasyRemoteError("NOT_FOUND", "no such function");
		await expect(all(square(net, [1]))).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
		const bad: [unknown, MapOptions | undefined, RegExp][] = [
			[[], { concurrency: 0 }, /concurrency/],
			[[], { buffer: -1 }, /buffer/],
			[[], { onError: "ignore" } as never, /onError/],
			[[], { speed: 1 } as never, /speed/],
			[5, undefined, /Iterable/],
		];
		for (const [inputs, options, problem] of bad)
			expect(() => square(net, inputs as never, options)).toThrow(problem);
	});
});

describe("nodes of a map", () => {
	it("get items as they join, and those of a node that dies go to the others", async () => {
		const first = keeper("first", 2, true);
		const net = network([first]);
		const results = all(square(net, numbers(6)));
		await net.clock.advance(10);
		expect(first.calls).toHaveLength(2);
		const second = squares("second", 2);
		net.join(second);
		await net.clock.advance(10);
		expect(second.calls.map(input)).toEqual([3, 4, 5, 6]);
		first.refusal = new EasyRemoteError("NOT_FOUND", "gone");
		net.leave(first);
		await net.clock.advance(31_000);
		expect(await results).toEqual([1, 4, 9, 16, 25, 36]);
	});

	it("that refuse get less, and what they refused comes later", async () => {
		let busy = true;
		const node = new ScriptedNode("a", 8).on("square", (call) => {
			if (busy) call.refuse(new EasyRemoteError("RESOURCE_EXHAUSTED", "full"));
			else call.accept().answer(input(call) ** 2);
		});
		const net = network([node]);
		const results = all(square(net, numbers(4), { retries: 0 }));
		await net.clock.advance(200);
		const refused = node.calls.length;
		expect(refused).toBeGreaterThan(4);
		busy = false;
		await net.clock.advance(1_000);
		expect(await results).toEqual([1, 4, 9, 16]);
	});

	it("that stay away make the items fail when their time is up", async () => {
		const node = keeper("a", 2, true);
		const net = network([node]);
		const results = square(net, [1], { onError: "yield" });
		const first = results.next();
		await net.clock.advance(10);
		net.leave(node);
		await net.clock.advance(70_000);
		expect((await first).value).toMatchObject({
			status: "rejected",
			reason: {
				code: expect.stringMatching(/UNAVAILABLE|DEADLINE/) as unknown,
			},
		});
		await results.return?.();
	});
});

describe("stragglers", () => {
	const mapped = async (idempotent: boolean) => {
		const slow = new ScriptedNode("slow", 1).on(
			"square",
			(call) => void call.accept(),
			{ idempotent },
		);
		const fast = new ScriptedNode("fast", 1).on(
			"square",
			(call) => call.accept().answer(input(call)),
			{ idempotent },
		);
		const net = network([slow, fast]);
		const results = all(square(net, numbers(12)));
		await net.clock.advance(1_000);
		return { slow, fast, net, results };
	};

	it("of an idempotent function are started at an idle node as well, and the slower copy is cancelled", async () => {
		const { slow, results } = await mapped(true);
		expect(await results).toHaveLength(12);
		expect(slow.calls).toHaveLength(1);
		expect(slow.calls[0]?.cancelledWith?.code).toBe("CANCELLED");
	});

	it("of another function are waited for", async () => {
		const { slow, fast, net, results } = await mapped(false);
		expect(slow.calls[0]?.cancelledWith).toBeUndefined();
		expect(fast.calls).toHaveLength(11);
		slow.calls[0]?.answer("late");
		await net.clock.advance(10);
		expect(await results).toContain("late");
	});
});
