import type { ControlPayload } from "@easyremote/shared/protocol";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import type { RawPeer } from "../socket/testing/raw-peer.js";
import {
	openTestGateway,
	principal,
	type TestGateway,
	type TestGatewayOptions,
} from "../socket/testing/test-gateway.js";
import { LocalRoutes } from "./local-routes.js";

let gateway: TestGateway;

afterEach(() => gateway.close());

async function open(options?: TestGatewayOptions): Promise<TestGateway> {
	gateway = await openTestGateway(options);
	return gateway;
}

async function update(
	client: RawPeer,
): Promise<ControlPayload<"route_update"> & { readonly nodes: string[] }> {
	const { payload } = await client.next("route_update");
	return { ...payload, nodes: payload.providers.map(({ nodeId }) => nodeId) };
}

/** Lets what is under way on a peer's socket arrive. */
async function settle(peer: RawPeer): Promise<void> {
	peer.send("heartbeat", {});
	await peer.next("heartbeat_ack");
}

describe("a client's route", () => {
	it("is answered, and told anew when providers come and go", async () => {
		await open();
		const client = await gateway.client();
		const id = client.send("route", { query: { function: "add" } });
		const first = await client.next("route_update");
		expect(first).toMatchObject({
			replyTo: id,
			payload: {
				providers: [],
				strategy: "least_connections",
				error: { code: "NOT_FOUND" },
			},
		});
		const node = await gateway.node("n");
		expect(await update(client)).toMatchObject({
			query: { function: "add" },
			nodes: ["n"],
		});
		node.send("node_draining", {});
		expect((await update(client)).providers[0]?.state).toBe("draining");
		node.terminate();
		expect((await update(client)).error).toMatchObject({ code: "UNAVAILABLE" });
	});

	it("is not told about what it does not ask for, nor after route_drop", async () => {
		await open();
		await gateway.node("n", ["add"]);
		const client = await gateway.client();
		client.send("route", { query: { function: "add", node: "n" } });
		await update(client);
		const other = await gateway.node("m", ["add", "mul"]);
		await settle(other);
		client.send("route_drop", { query: { node: "n", function: "add" } });
		await settle(client);
		const replaced = await gateway.node("n", ["sub"]);
		await settle(replaced);
		await settle(client);
		expect(client.controls).toEqual([]);
	});

	it("hears of loads once a second at most, and of changes soon", async () => {
		const clock = new ManualClock();
		await open({ clock });
		const node = await gateway.node("n");
		const client = await gateway.client();
		client.send("route", { query: { function: "add" } });
		await update(client);
		const busy = async (running: number) => {
			node.send("heartbeat", {
				load: { running, queued: 0, maxConcurrent: 10 },
			});
			await settle(node);
		};
		await clock.advance(2_000);
		await busy(1);
		expect((await update(client)).providers[0]?.load.running).toBe(1);
		await busy(2);
		await busy(3);
		await clock.advance(900);
		await settle(client);
		expect(client.controls).toEqual([]);
		await clock.advance(100);
		expect((await update(client)).providers[0]?.load.running).toBe(3);
		await node.register("mul");
		await clock.advance(50);
		expect((await update(client)).nodes).toEqual(["n"]);
	});

	it("shows each principal what it may use", async () => {
		await open({ principals: [principal("alice", "call:a.*")] });
		await gateway.node("a");
		await gateway.node("b");
		const alice = await gateway.client("alice");
		alice.send("route", { query: { function: "add" } });
		expect((await update(alice)).nodes).toEqual(["a"]);
		alice.send("list", { what: "nodes" });
		const { payload } = await alice.next("listing");
		expect(payload.items.map(({ nodeId }) => nodeId)).toEqual(["a"]);
	});

	it("comes in the order of the gateway's own strategy", async () => {
		await open({
			strategy: (candidates) =>
				[...candidates].sort((a, b) =>
					b.provider.nodeId.localeCompare(a.provider.nodeId),
				)[0],
		});
		await gateway.node("a");
		await gateway.node("c");
		await gateway.node("b");
		const client = await gateway.client();
		client.send("route", { query: { function: "add" } });
		expect(await update(client)).toMatchObject({
			nodes: ["c", "b", "a"],
			strategy: "ordered",
		});
	});

	it("begins with another node for each who asks, so that they do not all start with the same one", async () => {
		await open();
		for (const id of ["a", "b", "c"]) await gateway.node(id);
		const firsts: (string | undefined)[] = [];
		for (let count = 0; count < 6; count += 1) {
			const client = await gateway.client();
			client.send("route", { query: { function: "add" } });
			firsts.push((await update(client)).nodes[0]);
			client.terminate();
		}
		expect([...firsts].sort()).toEqual(["a", "a", "b", "b", "c", "c"]);
		expect(new Set(firsts.slice(0, 3)).size).toBe(3);
	});

	it("goes by the default where the gateway's own strategy fails, and says so where it wants nobody", async () => {
		let answer: () => undefined = () => {
			throw new Error("oops");
		};
		await open({ strategy: () => answer() });
		await gateway.node("a");
		const first = await gateway.client();
		first.send("route", { query: { function: "add" } });
		expect(await update(first)).toMatchObject({
			nodes: ["a"],
			strategy: "resource_based",
		});
		answer = () => undefined;
		const second = await gateway.client();
		second.send("route", { query: { function: "add" } });
		expect(await update(second)).toMatchObject({
			nodes: [],
			error: {
				code: "UNAVAILABLE",
				message: expect.stringContaining("wants none") as string,
			},
		});
	});

	it("is one of 256 at most", async () => {
		await open();
		const client = await gateway.client();
		for (let index = 0; index <= 256; index += 1)
			client.send("route", { query: { function: `f${index}` } });
		expect((await client.next("error")).payload).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
		});
	});

	it("is forgotten with its socket", async () => {
		await open();
		const client = await gateway.client();
		client.send("route", { query: { function: "add" } });
		await update(client);
		client.terminate();
		await expect.poll(() => gateway.door.stats.clients).toBe(0);
		await gateway.node("n");
	});
});

describe("routes within the gateway", () => {
	it("are known at once after the first time, and follow changes", async () => {
		await open();
		await gateway.node("a");
		const routes = new LocalRoutes(gateway.routes, principal("rest", "call:*"));
		const query = { function: "add" };
		expect(routes.peek(query)).toBeUndefined();
		const route = await routes.resolve(query, new AbortController().signal);
		expect(routes.peek(query)).toBe(route);
		let told = 0;
		route.subscribe(() => {
			told += 1;
		});
		await gateway.node("b");
		await expect
			.poll(() => route.providers.map(({ nodeId }) => nodeId))
			.toEqual(["a", "b"]);
		expect(told).toBeGreaterThan(0);
		routes.close();
		expect(routes.peek(query)).toBeUndefined();
	});

	it("reject with the refusal, and come back when somebody provides it", async () => {
		await open();
		const routes = new LocalRoutes(gateway.routes, principal("rest", "call:*"));
		const { signal } = new AbortController();
		await expect(
			routes.resolve({ function: "add" }, signal),
		).rejects.toMatchObject({ code: "NOT_FOUND" });
		await gateway.node("n");
		expect(
			(await routes.resolve({ function: "add" }, signal)).providers,
		).toHaveLength(1);
		routes.close();
	});
});
