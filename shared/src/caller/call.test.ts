import { afterEach, describe, expect, it } from "vitest";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import type { CallEvent } from "./call-event.js";
import type { CallProgress } from "./call-progress.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";

const networks: ScriptedNetwork[] = [];

function network(
	...parameters: ConstructorParameters<typeof ScriptedNetwork>
): ScriptedNetwork {
	const made = new ScriptedNetwork(...parameters);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

function adder(id = "n1"): ScriptedNode {
	return new ScriptedNode(id).on("add", (call) => {
		const [a, b] = call.args as [number, number];
		call.accept(false, 3).answer(a + b, 7);
	});
}

describe("a call of a function that gives a value", () => {
	it("is a promise of it", async () => {
		const { caller } = network([adder()]);
		const call = caller.call({ function: "add" }, [1, 2]);
		expect(call).toBeInstanceOf(Promise);
		expect(await call).toBe(3);
		expect(call.then(() => 0).constructor).toBe(Promise);
	});

	it("tells how it went", async () => {
		const { caller } = network([adder()]);
		const { value, meta } = await caller
			.call({ function: "add" }, [1, 2])
			.withMeta();
		expect(value).toBe(3);
		expect(meta).toMatchObject({
			nodeId: "n1",
			transport: "relay",
			attempts: 1,
			queuedMs: 3,
			runMs: 7,
			cached: false,
		});
		expect(meta.bytesSent).toBeGreaterThan(0);
		expect(meta.bytesReceived).toBeGreaterThan(0);
	});

	it("has an id that the node sees too", async () => {
		const node = adder();
		const { caller } = network([node]);
		const call = caller.call({ function: "add" }, [1, 2]);
		await call;
		expect(node.calls[0]?.header.id).toBe(call.id);
		expect(call.route).toEqual({ nodeId: "n1", attempts: 1 });
		expect((await call.meta()).routeReason).toBe("the only one");
	});

	it("cannot be iterated", async () => {
		const { caller } = network([adder()]);
		const call = caller.call({ function: "add" }, [1, 2]);
		await expect(call.next()).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
		});
	});

	it("reports events, those missed as well, to the end", async () => {
		const node = new ScriptedNode("n1").on("work", (call) => {
			call.accept();
			call.end.send({ type: "progress", fraction: 0.5, message: "half" });
			call.end.send({ type: "log", message: "hello" });
			call.answer("done");
		});
		const { caller } = network([node]);
		const call = caller.call({ function: "work" }, []);
		const types = async () => {
			const seen: CallEvent["type"][] = [];
			for await (const event of call.events()) seen.push(event.type);
			return seen.filter(
				(type, index) => type !== "progress" || seen[index - 1] !== type,
			);
		};
		expect(await types()).toEqual(
			expect.arrayContaining([
				"queued",
				"routed",
				"started",
				"progress",
				"log",
				"settled",
			]),
		);
		expect(await types()).toEqual(["queued", "routed", "started", "settled"]);
	});

	it("tells onProgress of the function's progress, and nothing of the bytes of a small call", async () => {
		const node = new ScriptedNode("n1").on("work", (call) => {
			call.accept();
			call.end.send({ type: "progress", fraction: 0.25 });
			call.answer();
		});
		const { caller } = network([node]);
		const heard: CallProgress[] = [];
		await caller.call({ function: "work" }, ["x".repeat(1000)], {
			onProgress: (progress) => heard.push(progress),
		});
		expect(heard).toEqual([{ type: "progress", fraction: 0.25 }]);
	});

	it("fails as the function failed, with the id of the call", async () => {
		const node = new ScriptedNode("n1").on("bad", (call) => {
			call.accept().refuse(new RemoteFunctionError("TypeError", "no good"));
		});
		const { caller } = network([node]);
		const call = caller.call({ function: "bad" }, []);
		const error: unknown = await call.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(RemoteFunctionError);
		expect(error).toMatchObject({
			remoteName: "TypeError",
			message: "no good",
			callId: call.id,
		});
	});

	it("reports what cannot be sent through the promise", async () => {
		const { caller } = network([adder()]);
		await expect(
			caller.call({ function: "add" }, [Promise.resolve(1)]),
		).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
		await expect(
			caller.call({ function: "add" }, [], { tiemout: 1 } as object),
		).rejects.toThrow(/"tiemout" is not known/);
	});

	it("fails if the node says nothing more and no answer", async () => {
		const node = new ScriptedNode("n1").on("mute", (call) => call.end.end());
		const { caller } = network([node]);
		await expect(caller.call({ function: "mute" }, [])).rejects.toMatchObject({
			code: "INTERNAL",
		});
	});
});

describe("a call of a generator", () => {
	function counter(items: number): ScriptedNode {
		return new ScriptedNode("n1").on("count", (call) => {
			call.accept(true);
			for (let index = 0; index < items; index += 1) call.item(index);
			call.answer();
		});
	}

	it("is iterated item by item", async () => {
		const { caller } = network([counter(3)]);
		const seen: unknown[] = [];
		for await (const item of caller.call({ function: "count" }, []))
			seen.push(item);
		expect(seen).toEqual([0, 1, 2]);
	});

	it("gives an iterable of its items when awaited", async () => {
		const { caller } = network([counter(2)]);
		const items = await caller.call<AsyncIterable<unknown>>(
			{
				function: "count",
			},
			[],
		);
		const seen: unknown[] = [];
		for await (const item of items) seen.push(item);
		expect(seen).toEqual([0, 1]);
	});

	it("is cancelled on the node by leaving the loop", async () => {
		const node = new ScriptedNode("n1").on("count", (call) => {
			call.accept(true).item(1).item(2);
		});
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "count" }, []);
		for await (const _ of call) break;
		await clock.advance(100);
		expect(node.calls[0]?.cancelledWith?.code).toBe("CANCELLED");
		await expect(call.meta()).resolves.toMatchObject({ nodeId: "n1" });
	});

	it("makes a slow reader slow the function down", async () => {
		const block = new Uint8Array(256 * 1024);
		const all = 100;
		let sent = 0;
		const node = new ScriptedNode("n1").on("blocks", (call) => {
			call.accept(true);
			call.onDrained = () => {
				for (; call.end.writable && sent < all; sent += 1) call.item(block);
				if (sent === all) call.answer();
			};
			call.onDrained();
		});
		const { caller, clock } = network([node]);
		const items = await caller.call<AsyncIterable<Uint8Array>>(
			{ function: "blocks" },
			[],
			{
				timeout: "1h",
			},
		);
		await clock.advance(100_000);
		expect(sent).toBeLessThan(all / 2);
		let read = 0;
		for await (const item of items) {
			read += item.length;
			await clock.advance(20);
		}
		expect(read).toBe(all * block.length);
	});

	it("may turn out to be one after the call was accepted", async () => {
		const node = new ScriptedNode("n1").on("late", (call) => {
			call.accept(false).accept(true).item(1).answer(undefined);
		});
		const { caller } = network([node]);
		const items: unknown[] = [];
		for await (const item of caller.call({ function: "late" }, []))
			items.push(item);
		expect(items).toEqual([1]);
	});

	it("has nothing more to read once it is cancelled", async () => {
		const node = new ScriptedNode("n1").on("count", (call) => {
			call.accept(true).item(1).item(2);
		});
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "count" }, []);
		expect(await call.next()).toEqual({ done: false, value: 1 });
		await clock.advance(1);
		call.cancel();
		await expect(call.next()).rejects.toMatchObject({ code: "CANCELLED" });
	});

	it("throws at the reader what the generator threw, after the items before", async () => {
		const node = new ScriptedNode("n1").on("count", (call) => {
			call
				.accept(true)
				.item(1)
				.refuse(new RemoteFunctionError("Error", "boom"));
		});
		const { caller } = network([node]);
		const call = caller.call({ function: "count" }, []);
		expect(await call.next()).toEqual({ done: false, value: 1 });
		await expect(call.next()).rejects.toMatchObject({
			message: "boom",
			callId: call.id,
		});
		expect(await call.next()).toEqual({ done: true, value: undefined });
	});
});

describe("arguments that are iterables", () => {
	it("stream to the node once it has accepted", async () => {
		const node = new ScriptedNode("n1").on("sum", (call) => {
			call.accept();
			call.onInput = () => {
				if (call.inputsEnded.length === 0) return;
				const numbers = call.inputs as number[];
				call.answer(numbers.reduce((a, b) => a + b, 0));
			};
		});
		async function* numbers() {
			yield 1;
			yield 2;
			yield 3;
		}
		const { caller } = network([node]);
		expect(await caller.call({ function: "sum" }, ["x", numbers()])).toBe(6);
		expect(node.calls[0]?.header.inputs).toEqual([1]);
		expect(node.calls[0]?.args).toEqual(["x", undefined]);
	});

	it("are told when the call is over before them", async () => {
		let closed = false;
		const node = new ScriptedNode("n1").on("first", (call) => {
			call.accept();
			call.onInput = () => {
				call.onInput = undefined;
				call.answer(call.inputs[0]);
			};
		});
		async function* endless() {
			try {
				for (let index = 5; ; index += 1) {
					yield index;
					await Promise.resolve();
				}
			} finally {
				closed = true;
			}
		}
		const { caller, clock } = network([node]);
		expect(await caller.call({ function: "first" }, [endless()])).toBe(5);
		await clock.advance(1);
		expect(closed).toBe(true);
	});
});

describe("cancelling", () => {
	const silent = () =>
		new ScriptedNode("n1").on("wait", (call) => call.accept());

	it("by the call reaches the node", async () => {
		const node = silent();
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "wait" }, []);
		await clock.advance(1);
		call.cancel("enough");
		await expect(call).rejects.toMatchObject({
			code: "CANCELLED",
			message: expect.stringContaining("enough") as string,
		});
		await clock.advance(1);
		expect(node.calls[0]?.cancelledWith?.code).toBe("CANCELLED");
	});

	it("by a signal, before and during the call", async () => {
		const node = silent();
		const { caller, clock } = network([node]);
		const aborted = AbortSignal.abort();
		await expect(
			caller.call({ function: "wait" }, [], { signal: aborted }),
		).rejects.toMatchObject({ code: "CANCELLED" });
		expect(node.calls).toHaveLength(0);
		const controller = new AbortController();
		const call = caller.call({ function: "wait" }, [], {
			signal: controller.signal,
		});
		await clock.advance(1);
		controller.abort();
		await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
	});
});

describe("the deadline", () => {
	it("ends the call and says where it was", async () => {
		const node = new ScriptedNode("n1")
			.on("accepts", (call) => call.accept())
			.on("queues", () => {});
		const { caller, clock } = network([node]);
		const options = { timeout: "2s" };
		const running = caller.call({ function: "accepts" }, [], options);
		const queued = caller.call({ function: "queues" }, [], options);
		const failures = Promise.allSettled([running, queued]);
		await clock.advance(2_001);
		const details = (await failures).map((result) =>
			result.status === "rejected"
				? (result.reason as EasyRemoteError).details?.["phase"]
				: undefined,
		);
		expect(details).toEqual(["running", "queued"]);
		expect(node.calls[0]?.header.deadlineMs).toBe(2_000);
		await clock.advance(1);
		expect(node.calls[0]?.cancelledWith?.code).toBe("DEADLINE_EXCEEDED");
	});
});
