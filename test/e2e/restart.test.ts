// A gateway as a service manager sees it: a process that is told to end, and started again on the same port.
import { once } from "node:events";
import { connect } from "node:net";
import { createClient, type Client } from "@easyremote/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import {
	type GatewayCommand,
	startGatewayCommand,
} from "../support/commands.js";
import type * as Functions from "../support/functions.js";
import { postJson } from "../support/rest.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

let folder: TempFolder;
let gateway: GatewayCommand;
let node: Child;
let client: Client;

async function start(port = 0, ...more: readonly string[]) {
	const args = ["--port", String(port), "--data", folder.path, ...more];
	gateway = await startGatewayCommand(args);
}

beforeEach(async () => {
	folder = await tempFolder();
	await start();
	node = new Child(new URL("../support/programs/node.ts", import.meta.url));
	await node.ask("serve", { gateway: gateway.url, id: "worker" });
	client = createClient({ gateway: gateway.url, transport: "relay" });
});

afterEach(async () => {
	await client.close();
	await Promise.all([node.close(), gateway.child.close()]);
	await folder.close();
});

/** Resolves when the gateway has so many REST calls under way. */
async function running(calls: number): Promise<void> {
	const look = async () =>
		(await (await fetch(`${gateway.url}/api/report`)).json()) as unknown;
	await expect.poll(look).toMatchObject({ http: { running: calls } });
}

describe("SIGTERM", () => {
	it("lets calls of every kind end, and then the process leaves with 0", async () => {
		const worker = client.node<typeof Functions>("worker");
		const relayed = worker.later(1_500);
		const rest = postJson(gateway.url, "worker.later", { args: [1_500] });
		const stream = await fetch(`${gateway.url}/api/worker.count`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"args":[50000]}',
		});
		await running(2);
		gateway.child.signal("SIGTERM");
		await expect
			.poll(async () => (await fetch(`${gateway.url}/readyz`)).status)
			.toBe(503);
		expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
		const refused = await postJson(gateway.url, "worker.add", { args: [1, 2] });
		expect(refused.status).toBe(503);
		expect(refused.headers.get("retry-after")).not.toBeNull();
		expect((await rest).json).toEqual({ result: "done" });
		expect(await relayed).toBe("done");
		const events = await stream.text();
		expect(events).toContain("data: 50000\n");
		expect(events).toMatch(/event: end\ndata:\n\n$/);
		expect(await gateway.child.exited).toEqual({ code: 0, signal: null });
		expect(gateway.child.stderr).not.toMatch(/"level":[56]0/);
	});

	it("does not wait for connections that never answer", async () => {
		const silent = connect(gateway.port, "127.0.0.1");
		silent.on("error", () => undefined).resume();
		await once(silent, "connect");
		const deaf = connect(gateway.port, "127.0.0.1");
		deaf.on("error", () => undefined);
		deaf.write(
			"GET /clients HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		);
		await once(deaf, "data");
		deaf.pause();
		gateway.child.signal("SIGTERM");
		expect(await gateway.child.exited).toEqual({ code: 0, signal: null });
		silent.destroy();
		deaf.destroy();
	});

	it("gives up on calls that do not end in time, and tells their callers", async () => {
		await gateway.child.close();
		await start(gateway.port, "--limits-drain-timeout-ms", "300");
		await expect
			.poll(() => postJson(gateway.url, "worker.add", { args: [1, 2] }))
			.toMatchObject({ status: 200 });
		const hanging = postJson(gateway.url, "worker.hang", { args: [] });
		await running(1);
		gateway.child.signal("SIGTERM");
		expect(await hanging).toMatchObject({
			status: 503,
			json: { code: "UNAVAILABLE" },
		});
		expect(await gateway.child.exited).toEqual({ code: 0, signal: null });
	});

	it("sent twice ends it at once, with 130", async () => {
		const hanging = postJson(gateway.url, "worker.hang", { args: [] });
		const lost = expect(hanging).rejects.toThrow();
		await running(1);
		gateway.child.signal("SIGTERM");
		await expect
			.poll(async () => (await fetch(`${gateway.url}/readyz`)).status)
			.toBe(503);
		gateway.child.signal("SIGTERM");
		expect(await gateway.child.exited).toEqual({ code: 130, signal: null });
		await lost;
	});
});

describe("a restart", () => {
	it("costs a running call of a client nothing: it gets its answer from the node", async () => {
		const { port } = gateway;
		const call = client.node<typeof Functions>("worker").later(6_000);
		const started = (async () => {
			for await (const event of call.events())
				if (event.type === "started") return;
		})();
		await started;
		gateway.child.signal("SIGTERM");
		gateway.child.signal("SIGTERM");
		await gateway.child.exited;
		await start(port);
		const { value, meta } = await call.withMeta();
		expect(value).toBe("done");
		expect(meta.attempts).toBe(1);
	});

	it("brings node and client back by themselves, onto the same port", async () => {
		const { port } = gateway;
		const worker = client.node<typeof Functions>("worker");
		expect(await worker.add(1, 2)).toBe(3);
		gateway.child.signal("SIGTERM");
		expect(await gateway.child.exited).toEqual({ code: 0, signal: null });
		await start(port);
		await expect.poll(() => worker.add(2, 3).catch(() => undefined)).toBe(5);
		await expect
			.poll(() => postJson(gateway.url, "worker.add", { args: [3, 4] }))
			.toMatchObject({ status: 200, json: { result: 7 } });
	});

	it("sends away who waits for a job, and the job is there afterwards", async () => {
		const { port } = gateway;
		const made = await postJson(
			gateway.url,
			"worker.later",
			{ args: [1_500] },
			{ prefer: "respond-async" },
		);
		expect(made.status).toBe(202);
		const result = `/api/jobs/${String(made.json?.["id"])}/result`;
		const waiting = fetch(`${gateway.url}${result}`, {
			headers: { prefer: "wait=60" },
		});
		await expect
			.poll(async () => (await fetch(`${gateway.url}${result}`)).status)
			.toBe(409);
		gateway.child.signal("SIGTERM");
		expect([200, 409]).toContain((await waiting).status);
		expect(await gateway.child.exited).toEqual({ code: 0, signal: null });
		await start(port);
		const answer = await fetch(`${gateway.url}${result}`, {
			headers: { prefer: "wait=30" },
		});
		expect([answer.status, await answer.json()]).toEqual([
			200,
			{ result: "done" },
		]);
	});
});
