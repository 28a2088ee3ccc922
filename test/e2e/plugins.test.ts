import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EasyRemoteError, type Plugin } from "@easyremote/shared";
import { auditLog, quota } from "@easyremote/gateway/plugins";
import { afterEach, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";
import { tempFolder } from "../support/temp-folder.js";

let network: Network;
afterEach(() => network.close());

const functions = {
	add: (a: number, b: number) => a + b,
	fail: () => {
		throw new TypeError("no luck with 4711");
	},
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) yield n;
	},
};

/** A plugin that writes down what it is told. */
function diary(): { readonly said: string[]; readonly plugin: Plugin } {
	const said: string[] = [];
	const plugin: Plugin = {
		name: "diary",
		beforeFunctionCall: (call) => void said.push(`before ${call.function}`),
		afterFunctionCall: (call) =>
			void said.push(`after ${call.function} ${call.transport}`),
		onFunctionError: ({ function: name, error }) =>
			void said.push(`error ${name} ${error.code}`),
		onNodeJoin: ({ nodeId }) => void said.push(`join ${nodeId}`),
		onNodeLeave: ({ nodeId }) => void said.push(`leave ${nodeId}`),
		close: () => void said.push("close"),
	};
	return { said, plugin };
}

describe("plugins of a node", () => {
	it.each(["relay", "direct"] as const)(
		"are told of every call over the %s path, and of the node's coming and going",
		async (transport) => {
			network = await Network.start();
			const { said, plugin } = diary();
			const node = await network.node(functions, {
				id: "worker",
				plugins: [plugin],
			});
			const client = network.client({ transport, retries: 0 });
			const worker = client.node<typeof functions>("worker");
			expect(await worker.add(1, 2)).toBe(3);
			await failure(worker.fail());
			for await (const item of worker.count(2)) expect(item).toBeDefined();
			await node.close();
			expect(said).toEqual([
				"join worker",
				"before add",
				`after add ${transport}`,
				"before fail",
				"error fail FUNCTION_ERROR",
				"before count",
				`after count ${transport}`,
				"leave worker",
				"close",
			]);
		},
	);

	it("refuse calls on purpose, whichever way they come, and the function does not run", async () => {
		network = await Network.start();
		let runs = 0;
		const closed: Plugin = {
			name: "closed",
			beforeFunctionCall: ({ caller }) => {
				throw new EasyRemoteError(
					"PERMISSION_DENIED",
					`${caller.subject} comes on a Sunday`,
					{ hint: "come on Monday" },
				);
			},
		};
		const counted = { count: () => (runs += 1) };
		await network.node(counted, { id: "worker", plugins: [closed] });
		const worker = network.client().node<typeof counted>("worker");
		expect(await failure(worker.count())).toMatchObject({
			code: "PERMISSION_DENIED",
			message: "development comes on a Sunday",
			hint: "come on Monday",
		});
		const answer = await postJson(network.url, "worker.count", { args: [] });
		expect(answer).toMatchObject({
			status: 403,
			json: { code: "PERMISSION_DENIED", hint: "come on Monday" },
		});
		expect(runs).toBe(0);
	});

	it("that throw or are late are reported, and calls go on", async () => {
		network = await Network.start();
		const errors: string[] = [];
		const log = {
			debug: () => {},
			info: () => {},
			warn: () => {},
			error: (message: string) => void errors.push(message),
		};
		const plugins: Plugin[] = [
			{
				name: "broken",
				beforeFunctionCall: () => {
					throw new TypeError("oops");
				},
			},
			{
				name: "slow",
				timeout: 20,
				beforeFunctionCall: () => new Promise(() => {}),
			},
		];
		await network.node(functions, { id: "worker", plugins, log });
		const worker = network.client().node<typeof functions>("worker");
		expect(await worker.add(1, 2)).toBe(3);
		expect(errors).toEqual([
			'plugin "broken" failed in beforeFunctionCall: TypeError: oops',
			'plugin "slow" failed in beforeFunctionCall: Error: it was not done after 20 ms',
		]);
	});

	it("hold each principal to its quota, over all paths together", async () => {
		network = await Network.start();
		const plugins = [quota({ calls: 2, per: "1h" })];
		await network.node(functions, { id: "worker", plugins });
		const client = network.client({ retries: 0 });
		const worker = client.node<typeof functions>("worker");
		expect(await worker.add(1, 2)).toBe(3);
		const rest = await postJson(network.url, "worker.add", { args: [1, 2] });
		expect(rest.status).toBe(200);
		const refused = await failure(worker.add(1, 2));
		expect(refused.code).toBe("RESOURCE_EXHAUSTED");
		expect(refused.retryAfterMs).toBeGreaterThan(3_000_000);
	});
});

describe("plugins of a gateway", () => {
	it("are told of REST calls and nodes, and of nothing that passes by unread", async () => {
		const { said, plugin } = diary();
		network = await Network.start({ plugins: [plugin] });
		const node = await network.node(functions, { id: "worker" });
		await network.client().node<typeof functions>("worker").add(1, 2);
		await postJson(network.url, "worker.add", { args: [1, 2] });
		await postJson(network.url, "worker.fail", { args: [] });
		await postJson(network.url, "worker.nothing", { args: [] });
		await node.close();
		await expect.poll(() => said).toContain("leave worker");
		await network.close();
		expect(said).toEqual([
			"join worker",
			"before add",
			"after add relay",
			"before fail",
			"error fail FUNCTION_ERROR",
			"before nothing",
			"error nothing NOT_FOUND",
			"leave worker",
			"close",
		]);
	});

	it("hold a call up until they have decided, and refuse it before it reaches a node", async () => {
		const decided = gate();
		let asked = false;
		const slow: Plugin = {
			name: "slow",
			beforeFunctionCall: async () => {
				asked = true;
				await decided.opened;
				throw new EasyRemoteError("RESOURCE_EXHAUSTED", "enough", {
					retryAfterMs: 7_000,
				});
			},
		};
		network = await Network.start({ plugins: [slow] });
		let runs = 0;
		await network.node({ count: () => (runs += 1) }, { id: "worker" });
		const answer = postJson(network.url, "worker.count", { args: [] });
		await expect.poll(() => asked).toBe(true);
		decided.open();
		expect((await answer).status).toBe(429);
		expect((await answer).headers.get("retry-after")).toBe("7");
		expect(runs).toBe(0);
	});

	it("that fail are counted in the report, and calls go on", async () => {
		const plugins: Plugin[] = [
			{
				name: "broken",
				afterFunctionCall: () => Promise.reject(new Error("disk full")),
			},
		];
		network = await Network.start({ plugins });
		await network.node(functions, { id: "worker" });
		const answer = await postJson(network.url, "worker.add", { args: [1, 2] });
		expect(answer.json).toEqual({ result: 3 });
		const report: unknown = await (
			await fetch(`${network.url}/api/report`)
		).json();
		expect(report).toMatchObject({ pluginFailures: { broken: 1 } });
		const metrics = await (await fetch(`${network.url}/metrics`)).text();
		expect(metrics).toContain(
			'easyremote_plugin_failures_total{plugin="broken"} 1',
		);
	});

	it("write an audit log that says who called what, and nothing that was said", async () => {
		const folder = await tempFolder();
		const path = join(folder.path, "audit.ndjson");
		network = await Network.start({ plugins: [auditLog({ path })] });
		network.ownFirst(folder);
		await network.node(functions, { id: "worker" });
		await postJson(network.url, "worker.add", { args: [4711, 2] });
		await postJson(network.url, "worker.fail", { args: [] });
		await network.gateway.close();
		const text = await readFile(path, "utf8");
		const lines = text
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as unknown);
		expect(lines).toMatchObject([
			{ event: "node_joined", node: "worker" },
			{
				event: "call",
				function: "add",
				node: "worker",
				subject: "development",
				outcome: "OK",
			},
			{ event: "call", function: "fail", outcome: "FUNCTION_ERROR" },
			{ event: "node_left", node: "worker" },
		]);
		expect(text).not.toContain("4711");
	});

	it("that are none are refused at once, by name", () => {
		const prepare = (plugins: unknown) => () =>
			Network.prepare({ plugins: plugins as Plugin[] });
		expect(prepare([{ name: "idle" }])).toThrow('plugin "idle" has no hook');
		expect(prepare({})).toThrow("plugins");
	});
});
