import type { Node } from "@easyremote/node-runtime";
import { define } from "@easyremote/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSamples, type Samples, sample } from "../support/metrics-text.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";

const functions = {
	add: (a: number, b: number) => a + b,
	size: (bytes: Uint8Array) => bytes.length,
	fail: () => {
		throw new TypeError("not like this");
	},
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) yield n;
	},
	kept: define({ cache: { ttl: "1m" } }, (_call, n: number) => n),
};

let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker", heartbeatInterval: 50 });
});
afterAll(() => network.close());

interface Figures {
	readonly function: string;
	readonly node: string;
	readonly calls: number;
}

interface Report {
	readonly calls: { readonly functions: readonly Figures[] };
}

async function readReport(): Promise<Report> {
	const response = await fetch(`${network.url}/api/report`);
	expect(response.status).toBe(200);
	return (await response.json()) as Report;
}

async function readMetrics(): Promise<Samples> {
	const response = await fetch(`${network.url}/metrics`);
	expect(response.status).toBe(200);
	return readSamples(await response.text());
}

/** The figures of a function, once the node has told of so many calls: it does so with its heartbeats. */
async function figuresOf(
	name: string,
	calls: number,
): Promise<Figures | undefined> {
	const figures = async () => {
		const { functions: all } = (await readReport()).calls;
		return all.find((each) => each.function === name);
	};
	await expect
		.poll(async () => (await figures())?.calls)
		.toBeGreaterThanOrEqual(calls);
	return figures();
}

describe("what the gateway tells of calls", () => {
	it("is exact on every path", async () => {
		const relayed = network.client({ transport: "relay" });
		const direct = network.client({ transport: "direct" });
		const add = (client: typeof relayed) =>
			client.remote<typeof functions.add>("worker.add");
		for (let n = 0; n < 5; n += 1) await add(relayed)(n, 1);
		for (let n = 0; n < 3; n += 1) await add(direct)(n, 1);
		for (let n = 0; n < 2; n += 1)
			await postJson(network.url, "worker.add", { args: [n, 1] });

		expect(await figuresOf("add", 10)).toMatchObject({
			node: "worker",
			calls: 10,
			errors: 0,
			outcomes: { OK: 10 },
			paths: { relay: 5, direct: 3, rest: 2 },
			pathShare: { relay: 0.5, direct: 0.3, rest: 0.2 },
			p50Ms: expect.any(Number) as number,
			p99Ms: expect.any(Number) as number,
		});
		const metrics = await readMetrics();
		for (const [path, calls] of [
			["relay", 5],
			["direct", 3],
			["rest", 2],
		] as const) {
			const labels = { function: "add", node: "worker", path };
			const name = "call_duration_seconds";
			expect(sample(metrics, "calls_total", { ...labels, outcome: "OK" })).toBe(
				calls,
			);
			expect(sample(metrics, `${name}_count`, labels)).toBe(calls);
			expect(sample(metrics, `${name}_bucket`, { ...labels, le: "+Inf" })).toBe(
				calls,
			);
		}
	});

	it("tells failures by their code, streams when they have ended, and what no function is found for", async () => {
		const client = network.client({ transport: "relay" });
		const node = client.node<typeof functions>("worker");
		await expect(node.fail()).rejects.toThrow("not like this");
		await postJson(network.url, "worker.fail", { args: [] });
		const items: number[] = [];
		for await (const item of node.count(3)) items.push(item);
		expect(items).toEqual([1, 2, 3]);
		await postJson(network.url, "worker.count", { args: [2] });
		await postJson(network.url, "no-such-function", { args: [] });

		expect(await figuresOf("fail", 2)).toMatchObject({
			errors: 2,
			outcomes: { FUNCTION_ERROR: 2 },
			paths: { relay: 1, direct: 0, rest: 1 },
		});
		expect(await figuresOf("count", 2)).toMatchObject({
			errors: 0,
			paths: { relay: 1, direct: 0, rest: 1 },
		});
		const outcome = "NOT_FOUND";
		const nowhere = { function: "-", node: "-", path: "rest", outcome };
		expect(sample(await readMetrics(), "calls_total", nowhere)).toBe(1);
	});

	it("counts bytes where they went", async () => {
		const bytes = new Uint8Array(300_000);
		const before = await readMetrics();
		const size = (transport: "direct" | "relay") =>
			network
				.client({ transport })
				.remote<typeof functions.size>("worker.size")(bytes);
		expect(await size("direct")).toBe(300_000);
		await figuresOf("size", 1);
		const between = await readMetrics();
		expect(await size("relay")).toBe(300_000);
		await figuresOf("size", 2);
		const after = await readMetrics();

		const moved = (from: Samples, to: Samples, name: string) =>
			(sample(to, name) ?? 0) - (sample(from, name) ?? 0);
		const [direct, relayed] = ["direct_bytes_total", "relayed_bytes_total"];
		expect(moved(before, between, direct)).toBeGreaterThan(300_000);
		expect(moved(before, between, relayed)).toBeLessThan(50_000);
		expect(moved(between, after, direct)).toBe(0);
		expect(moved(between, after, relayed)).toBeGreaterThan(300_000);
	});

	it("tells hits of a cache from misses", async () => {
		const kept = network
			.client({ transport: "relay" })
			.remote<typeof functions.kept>("worker.kept");
		await kept(1);
		await kept(1);
		await kept(2);
		for (let n = 0; n < 2; n += 1) {
			const answer = await postJson(network.url, "worker.kept", { args: [1] });
			expect(answer).toMatchObject({ status: 200, json: { result: 1 } });
		}
		expect(await figuresOf("kept", 5)).toMatchObject({
			calls: 5,
			outcomes: { OK: 5 },
			paths: { relay: 3, direct: 0, rest: 2 },
			cacheHits: 2,
			cacheMisses: 3,
		});
	});

	it("shows what there is now, and what was refused", async () => {
		await fetch(`${network.url}/api/worker.add`, {
			method: "POST",
			headers: { authorization: "Bearer nonsense" },
		});
		const metrics = await readMetrics();
		const refused = { door: "http", reason: "UNAUTHENTICATED" };
		expect(sample(metrics, "refused_total", refused)).toBe(1);
		expect(sample(metrics, "nodes", { state: "online" })).toBe(1);
		expect(sample(metrics, "node_slots", { node: "worker" })).toBe(10);
		expect(sample(metrics, "sockets", { role: "node" })).toBe(1);
		expect(sample(metrics, "rest_calls_running")).toBe(0);
		expect(sample(metrics, "limit", { name: "maxConnections" })).toBe(1_000);
		const lag = { statistic: "p99" };
		expect(sample(metrics, "event_loop_lag_seconds", lag)).toBeDefined();
	});
});

it("calls of a node's last moments are counted too, and nothing twice when it comes back", async () => {
	const add = network
		.client({ transport: "relay" })
		.remote<(a: number, b: number) => number>("passing.add");
	for (let life = 1; life <= 2; life += 1) {
		// Its heartbeats are far apart: what it did it tells when it leaves.
		const node = await network.node({ add: functions.add }, { id: "passing" });
		expect(await add(life, 1)).toBe(life + 1);
		await node.close();
		const { functions: all } = (await readReport()).calls;
		const figures = all.find((each) => each.node === "passing");
		expect(figures).toMatchObject({ function: "add", calls: life });
	}
});

it("a node that outlives its gateway tells the next one only what that has not counted", async () => {
	const first = await Network.start();
	const { port } = first.gateway;
	const node = await first.node(functions, {
		id: "lasting",
		reconnect: { min: 50, max: 100 },
	});
	for (let n = 0; n < 3; n += 1) await addOnce(first);
	await first.gateway.close();

	const second = await Network.start({ port });
	await backOnline(node);
	await addOnce(second);
	await first.close();
	const response = await fetch(`${second.url}/api/report`);
	const { functions: all } = ((await response.json()) as Report).calls;
	// The former gateway had heard of the other three when it said goodbye.
	expect(all).toMatchObject([{ function: "add", node: "lasting", calls: 1 }]);
	await second.close();
});

async function addOnce(network: Network): Promise<void> {
	const client = network.client({ transport: "relay" });
	const add = client.remote<typeof functions.add>("lasting.add");
	expect(await add(1, 2)).toBe(3);
}

function backOnline(node: Node): Promise<void> {
	return new Promise((resolve) => {
		node.addEventListener("state", ({ state }) => {
			if (state === "online") resolve();
		});
	});
}
