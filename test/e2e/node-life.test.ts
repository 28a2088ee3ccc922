import { createNode, type NodeOptions } from "@easyremote/node-runtime";
import { EasyRemoteError } from "@easyremote/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import * as functions from "../support/functions.js";
import { EAGER, Network } from "../support/network.js";
import { whenStarted } from "../support/outcome.js";

type Functions = typeof functions;

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

/** A node that does not serve yet. */
const make = (options: Partial<NodeOptions> = {}) =>
	network.own(
		createNode({ gateway: network.url, id: "worker", ...EAGER, ...options }),
	);

/** A client's handle of the node, without retries that would hide what a node answers. */
const worker = () => network.client({ retries: 0 }).node<Functions>("worker");

describe("a node's options", () => {
	it("are refused where they are unknown, by name", () => {
		const options = {
			gateway: network.url,
			maxConcurent: 3,
		} as Partial<NodeOptions>;
		expect(() => createNode(options)).toThrow('no option "maxConcurent"');
	});

	it("bound how many calls run and wait", async () => {
		await network.node(functions, {
			id: "worker",
			maxConcurrent: 1,
			maxQueue: 1,
		});
		const handle = worker();
		const running = handle.hang();
		running.catch(() => undefined);
		await whenStarted(running);
		const waiting = handle.hang();
		waiting.catch(() => undefined);
		const error = await failure(worker().add(1, 2));
		expect(error.code).toBe("RESOURCE_EXHAUSTED");
		expect(error.retryAfterMs).toBeGreaterThan(0);
		running.cancel();
		waiting.cancel();
		expect((await failure(running)).code).toBe("CANCELLED");
		await expect
			.poll(() =>
				worker()
					.add(1, 2)
					.catch(() => 0),
			)
			.toBe(3);
	});

	it("bound how long a function runs, whatever its caller allows", async () => {
		await network.node(functions, { id: "worker", requestTimeout: "200ms" });
		const error = await failure(worker().hang.with({ timeout: "1m" })());
		expect(error).toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { phase: "running" },
		});
	});

	it("keep calls away from a machine that is short of memory", async () => {
		await network.node(functions, { id: "worker", maxMemoryUsage: 0 });
		const error = await failure(worker().add(1, 2));
		expect(error.code).toBe("UNAVAILABLE");
		expect(error.message).toContain("memory at");
	});

	it("turn streams off", async () => {
		await network.node(functions, { id: "worker", streaming: false });
		const stream = worker().count(3);
		await expect(stream.next()).rejects.toMatchObject({
			code: "UNIMPLEMENTED",
		});
		expect(await worker().add(1, 2)).toBe(3);
	});

	it("turn direct paths off", async () => {
		await network.node(functions, { id: "worker", direct: false });
		const error = await failure(
			worker().add.with({ transport: "direct" })(1, 2),
		);
		expect(error.code).toBe("UNAVAILABLE");
	});
});

describe("a node's life", () => {
	it("is told by its states", async () => {
		const node = make();
		const states: string[] = [];
		node.addEventListener("state", ({ state }) => states.push(state));
		expect(node.state).toBe("idle");
		node.register(functions);
		await node.serve();
		await node.close();
		expect(await node.closed).toBeUndefined();
		expect(states).toEqual([
			"connecting",
			"registering",
			"online",
			"draining",
			"closed",
		]);
	});

	it("tells of each call when it is over", async () => {
		const node = make();
		node.register(functions);
		const calls: string[] = [];
		node.addEventListener("call", ({ call }) =>
			calls.push(`${call.functionName} ${call.error?.code ?? "ok"}`),
		);
		await node.serve();
		await worker().add(1, 2);
		await failure(worker().fail("no"));
		expect(calls).toEqual(["add ok", "fail FUNCTION_ERROR"]);
	});

	it("begins when the gateway does, and goes on when it comes back", async () => {
		const { port } = network.gateway;
		await network.close();
		const node = createNode({
			gateway: `http://127.0.0.1:${port}`,
			id: "worker",
			...EAGER,
			reconnect: { min: 20, max: 100 },
		});
		node.register(functions);
		const serving = node.serve();
		network = await Network.start({ port });
		network.own(node);
		await serving;
		expect(await worker().add(1, 2)).toBe(3);
	});

	it("does not begin where the gateway refuses it", async () => {
		const node = make({ key: `er_aaaaaaaa_${"b".repeat(43)}` });
		node.register(functions);
		const error = await failure(node.serve());
		expect(error.code).toBe("UNAUTHENTICATED");
		expect(await node.closed).toBe(error);
		expect(node.state).toBe("closed");
	});

	it("does not begin without its module", async () => {
		const node = make();
		void node
			.register(new URL("./nowhere.js", import.meta.url))
			.catch(() => undefined);
		expect((await failure(node.serve())).code).toBe("INVALID_ARGUMENT");
	});

	it("ends when another process of the same owner takes its id", async () => {
		const first = await network.node(functions, { id: "worker" });
		await network.node({ add: () => 42 }, { id: "worker" });
		expect(await first.closed).toBeInstanceOf(EasyRemoteError);
		expect(await worker().add(1, 2)).toBe(42);
	});

	it("finishes running calls before it ends, and takes no new ones meanwhile", async () => {
		const node = await network.node(functions, { id: "worker" });
		const client = network.client({ retries: 0 });
		const call = client.node<Functions>("worker").later(500);
		await whenStarted(call);
		const closing = node.close();
		expect(
			(await failure(client.node<Functions>("worker").add(1, 2))).code,
		).toBe("UNAVAILABLE");
		expect(await call).toBe("done");
		await closing;
	});

	it("does not wait for running calls longer than it may", async () => {
		const node = await network.node(functions, {
			id: "worker",
			drainTimeout: "100ms",
		});
		const call = worker().hang();
		call.catch(() => undefined);
		await whenStarted(call);
		await node.close();
		expect((await failure(call)).code).toBe("ABORTED");
	});

	it("may end before it began", async () => {
		const node = make();
		await node.close();
		expect((await failure(node.serve())).code).toBe("CANCELLED");
		expect(node.state).toBe("closed");
	});
});
