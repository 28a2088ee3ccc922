import { EasyRemoteError } from "@easyremote/shared/errors";
import { ScriptedGateway, ScriptedNode } from "@easyremote/shared/testing";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { Client } from "./client.js";
import { type ClientOptions, readClientOptions } from "./client-options.js";

const clients: { readonly client: Client; readonly clock: ManualClock }[] = [];

function setup(
	nodes: readonly ScriptedNode[],
	options: Partial<ClientOptions> = {},
) {
	const clock = new ManualClock();
	const gateway = new ScriptedGateway(nodes, clock);
	const settings = readClientOptions({
		gateway: "http://gateway.test",
		rtc: false,
		...options,
	});
	const connect = () => {
		const client = new Client(settings, {
			clock,
			random: () => 0.5,
			platform: {
				agent: "test",
				openSocket: gateway.openSocket,
				holdOpen: () => () => undefined,
				watchNetwork: () => () => undefined,
				environment: () => undefined,
			},
		});
		clients.push({ client, clock });
		return client;
	};
	return { clock, gateway, connect, client: connect() };
}

afterEach(async () => {
	for (const { client } of clients.splice(0)) await client.close();
});

/** Lets messages travel there and back. */
async function turns(clock: ManualClock): Promise<void> {
	for (let turn = 0; turn < 20; turn += 1) await clock.advance(1);
}

interface Maths {
	add(a: number, b: number): number;
	count(to: number): AsyncGenerator<number>;
}

function mathsNode(id = "n1"): ScriptedNode {
	return new ScriptedNode(id)
		.on("add", (call) => {
			const [a, b] = call.args as [number, number];
			call.accept().answer(a + b);
		})
		.on("count", (call) => {
			call.accept(true);
			for (let n = 0; n < Number(call.args[0]); n += 1) call.item(n);
			call.answer();
		})
		.on("wait", (call) => call.accept());
}

describe("handles", () => {
	it("call a function of one node", async () => {
		const { client } = setup([mathsNode()]);
		const n1 = client.node<Maths>("n1");
		const sum: number = await n1.add(1, 2);
		expect(sum).toBe(3);
		expect(await client.remote<Maths["add"]>("n1.add")(3, 4)).toBe(7);
	});

	it("call a function wherever it is", async () => {
		const { client } = setup([mathsNode("a"), mathsNode("b")]);
		const any = client.any<Maths>();
		const { meta } = await any.add(1, 2).withMeta();
		const { meta: next } = await any.add(1, 2).withMeta();
		expect(new Set([meta.nodeId, next.nodeId])).toEqual(new Set(["a", "b"]));
		expect(await client.remote<Maths["add"]>("add")(1, 1)).toBe(2);
	});

	it("iterate generators", async () => {
		const { client } = setup([mathsNode()]);
		const seen: number[] = [];
		for await (const n of client.node<Maths>("n1").count(3)) seen.push(n);
		expect(seen).toEqual([0, 1, 2]);
	});

	it("are no promises, and can be looked at", async () => {
		const { client } = setup([mathsNode()]);
		const handle = client.node<Maths>("n1");
		const same = await Promise.resolve(handle);
		expect(same).toBe(handle);
		expect(Object.prototype.toString.call(handle)).toBe("[object Object]");
		expect(JSON.stringify(handle)).toBe("{}");
		expect("add" in handle).toBe(true);
		expect(handle.add).toBe(handle.add);
		expect(handle.add.name).toBe("add");
	});

	it("take options, which calls inherit", async () => {
		const node = mathsNode();
		const { client } = setup([node]);
		const add = client.node<Maths>("n1").add.with({ timeout: "5s" });
		await add.with({ idempotencyKey: "k" })(1, 2);
		expect(node.calls[0]?.header).toMatchObject({
			deadlineMs: 5_000,
			idempotencyKey: "k",
		});
	});

	it("refuse bad references at once", () => {
		const { client } = setup([]);
		expect(() => client.remote("a.b.c")).toThrow(EasyRemoteError);
		expect(() => client.node("../etc")).toThrow(/not the id of a node/);
	});
});

describe("the first call", () => {
	it("asks for route and session together, and sends the call with no answer outstanding but those", async () => {
		const { client, gateway, clock } = setup([mathsNode()]);
		const call = client.remote<Maths["add"]>("n1.add")(1, 2);
		await clock.advance(0);
		expect(await call).toBe(3);
		const said = gateway.heard.map(({ type }) => type);
		expect(said.filter((type) => type !== "heartbeat")).toEqual([
			"hello",
			"session_open",
			"route",
		]);
	});

	it("fails soon and plainly when nobody answers at the gateway", async () => {
		const { gateway, clock, connect } = setup([mathsNode()]);
		gateway.down = true;
		const client = connect();
		const call = client.remote("n1.add").with({ retries: 0 })();
		const failure = expect(call).rejects.toMatchObject({
			code: "UNAVAILABLE",
			details: { reason: "gateway_unreachable" },
		});
		await turns(clock);
		await failure;
	});

	it("fails with the gateway's refusal", async () => {
		const { gateway, connect } = setup([mathsNode()]);
		gateway.refusal = new EasyRemoteError("UNAUTHENTICATED", "bad key");
		const client = connect();
		await expect(client.remote("n1.add")()).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
			message: "bad key",
		});
		expect(client.state).toBe("closed");
	});

	it("fails with the gateway's word on the function", async () => {
		const { client } = setup([mathsNode()]);
		await expect(client.remote("nothing")()).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
		await expect(client.remote("gone.add")()).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
	});
});

describe("a lost connection", () => {
	it("is made again: the call goes on and runs once", async () => {
		const node = mathsNode();
		const { client, gateway, clock } = setup([node]);
		const call = client.remote<() => string>("n1.wait")();
		await turns(clock);
		gateway.cut();
		await clock.advance(1_000);
		await turns(clock);
		expect(client.state).toBe("online");
		node.calls[0]?.answer("done");
		await turns(clock);
		expect(await call).toBe("done");
		expect(node.calls).toHaveLength(1);
	});

	it("fails the call with ABORTED if it does not come back in time", async () => {
		const { client, gateway, clock } = setup([mathsNode()]);
		const call = client.remote("n1.wait")();
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await turns(clock);
		gateway.down = true;
		gateway.cut();
		await clock.advance(2_000);
		await failure;
	});
});

describe("routes", () => {
	it("are asked for once and follow the gateway's updates", async () => {
		const a = mathsNode("a");
		const { client, gateway, clock } = setup([a, mathsNode("b")]);
		const add = client.remote<Maths["add"]>("add");
		await Promise.all([add(1, 1), add(1, 1)]);
		const asked = gateway.heard.filter(({ type }) => type === "route");
		expect(asked).toHaveLength(1);
		const changes: unknown[] = [];
		client.addEventListener("route", ({ detail }) => {
			if (detail.kind === "providers") changes.push(detail.providers.length);
		});
		gateway.broadcast("route_update", {
			query: { function: "add" },
			providers: [a.provider()],
			strategy: "round_robin",
		});
		await clock.advance(0);
		expect(changes).toEqual([1]);
		for (let round = 0; round < 3; round += 1) {
			const { meta } = await add(1, 1).withMeta();
			expect(meta.nodeId).toBe("a");
		}
	});

	it("are asked for anew when their node turns out to have left", async () => {
		const a = mathsNode("a");
		const nodes = [a];
		const { client, gateway, clock } = setup(nodes);
		const add = client.remote<Maths["add"]>("add");
		await add(1, 1);
		a.descriptors.clear();
		a.refusal = new EasyRemoteError("UNAVAILABLE", "node a is not online");
		nodes.push(mathsNode("b"));
		// Its session is over; of the route nothing has been told yet.
		gateway.broadcast("session_close", { session: 1 });
		await turns(clock);
		const call = add(1, 1).withMeta();
		await turns(clock);
		await clock.advance(100);
		await turns(clock);
		expect((await call).meta).toMatchObject({ nodeId: "b", attempts: 2 });
		const asked = gateway.heard.filter(({ type }) => type === "route");
		expect(asked).toHaveLength(2);
	});

	it("are asked for anew before a call fails for want of a node in them", async () => {
		const a = mathsNode("a");
		const { client, gateway, clock } = setup([a]);
		const add = client.remote<Maths["add"]>("add").with({ retries: 0 });
		await add(1, 1);
		const draining = { ...a.provider(), state: "draining" } as const;
		gateway.broadcast("route_update", {
			query: { function: "add" },
			providers: [draining],
			strategy: "round_robin",
		});
		await clock.advance(0);
		// Its successor is there already; of it nothing has been told yet.
		const call = add(2, 3);
		await turns(clock);
		expect(await call).toBe(5);
	});

	it("say so where no node in them takes calls", async () => {
		const a = mathsNode("a");
		a.provider = () => ({
			...ScriptedNode.prototype.provider.call(a),
			state: "draining",
		});
		const { client, gateway } = setup([a]);
		const add = client.remote<Maths["add"]>("add").with({ retries: 0 });
		for (let round = 0; round < 2; round += 1)
			await expect(add(1, 1)).rejects.toMatchObject({
				message: /takes no calls now/,
			});
		gateway.down = true;
		gateway.cut();
		await expect(add(1, 1)).rejects.toMatchObject({
			message: /takes no calls now/,
		});
	});

	it("are not asked for faster than a gateway takes of one client, however often calls fail", async () => {
		const { client, gateway, clock } = setup([]);
		const nothing = client.remote("nothing").with({ retries: 0 });
		const asked = () =>
			gateway.heard.filter(({ type }) => type === "route").length;
		const missing = { code: "NOT_FOUND" };
		for (let n = 0; n < 1_000; n += 1)
			await expect(nothing()).rejects.toMatchObject(missing);
		const next = expect(nothing()).rejects.toMatchObject(missing);
		await clock.advance(9);
		expect(asked()).toBe(1_000);
		await clock.advance(1);
		await next;
		expect(asked()).toBe(1_001);
		const last = expect(nothing()).rejects.toMatchObject({ code: "CANCELLED" });
		await client.close();
		await last;
		expect(clock.pending).toBe(0);
	});

	it("stay in use while the gateway is away, even in doubt", async () => {
		const { client, gateway, clock } = setup([
			mathsNode("a").on("busy", (call) =>
				call.refuse(new EasyRemoteError("UNAVAILABLE", "not now")),
			),
		]);
		const busy = client.remote("busy").with({ retries: 0 });
		await expect(busy()).rejects.toMatchObject({ message: "not now" });
		gateway.down = true;
		gateway.cut();
		await clock.advance(0);
		const again = busy();
		const failure = expect(again).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		await clock.advance(0);
		expect(again.route.nodeId).toBe("a");
		await clock.advance(30_000);
		await failure;
	});
});

describe("a client", () => {
	it("lists functions with their nodes, and nodes", async () => {
		const { client } = setup([mathsNode("b"), mathsNode("a")]);
		const functions = await client.functions();
		expect(functions.map(({ name, nodes }) => [name, nodes])).toEqual([
			["add", ["b", "a"]],
			["count", ["b", "a"]],
			["wait", ["b", "a"]],
		]);
		expect((await client.nodes()).map(({ id }) => id)).toEqual(["a", "b"]);
	});

	it("tells of its state", async () => {
		const { client, clock } = setup([]);
		const states: string[] = [];
		client.addEventListener("state", ({ detail }) => states.push(detail.state));
		await clock.advance(0);
		await client.close();
		expect(states).toEqual(["online", "closed"]);
	});

	it("ends its calls when closed, and leaves no timers behind", async () => {
		const { client, clock } = setup([mathsNode()]);
		const call = client.remote("n1.wait")();
		const failure = expect(call).rejects.toMatchObject({ code: "CANCELLED" });
		await turns(clock);
		await client.close();
		await client[Symbol.asyncDispose]();
		await failure;
		await expect(client.remote("n1.add")(1, 2)).rejects.toBeInstanceOf(
			EasyRemoteError,
		);
		// Nodes keep what belongs to a lost caller for a while.
		await clock.advance(120_000);
		expect(clock.pending).toBe(0);
	});
});

describe("options", () => {
	const gateway = "http://gateway.test";

	it.each<[object, RegExp]>([
		[{ gateway, colour: "red" }, /"colour" is not known/],
		[{ gateway: "gateway.test:80x" }, /"gateway" must be a URL/],
		[{ gateway: "https://user:pw@gateway.test" }, /must not carry credentials/],
		[{}, /"gateway" must be a URL/],
		[{ gateway, key: "" }, /"key" must be a text/],
		[{ gateway, key: "a", token: "b" }, /"token" is given beside "key"/],
		[{ gateway, transport: "pigeon" }, /"transport" must be one of/],
		[{ gateway, timeout: "soon" }, /not a duration/],
		[{ gateway, retries: -1 }, /"retries" must be a whole number/],
		[{ gateway, cache: "no" }, /"cache" must be true or false/],
		[{ gateway, rtc: "wrtc" }, /"rtc" must be a WebRTC implementation/],
		[{ gateway, iceTransportPolicy: "none" }, /"all" or "relay"/],
		[{ gateway, reconnect: { mni: 1 } }, /"reconnect.mni" is not known/],
	])("%j is refused", (options, message) => {
		expect(() => readClientOptions(options as ClientOptions)).toThrow(message);
	});

	it("become a door and defaults", () => {
		expect(
			readClientOptions({
				gateway: "https://gw.example.com/base/",
				key: " k ",
				timeout: "2m",
				cache: false,
				reconnect: { max: "5s" },
			}),
		).toMatchObject({
			door: "wss://gw.example.com/base/clients",
			credential: "k",
			defaults: { timeoutMs: 120_000, retries: 2, cache: false },
			reconnect: { maxMs: 5_000 },
		});
	});
});
