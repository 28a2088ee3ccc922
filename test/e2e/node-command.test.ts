import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@easyremote/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Child } from "../support/child.js";
import { failure } from "../support/failure.js";
import { startCommand } from "../support/commands.js";
import { Network } from "../support/network.js";
import { whenStarted } from "../support/outcome.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

interface Functions {
	spin: (ms: number) => string;
	add: (a: number, b: number) => number;
	where: () => number;
	slow: (ms: number) => string;
	version: () => number;
}

const SOURCE = `
	import { threadId } from "node:worker_threads";
	import { define } from "@easyremote/shared";

	export const add = (a: number, b: number): number => a + b;
	export const where = define({ isolate: "worker" }, () => threadId);
	export const spin = define({ isolate: "worker" }, (_call, ms: number) => {
		for (const until = Date.now() + ms; Date.now() < until; );
		return "done";
	});
	export const slow = (ms: number) => new Promise((done) => setTimeout(() => done("done"), ms));
`;

let network: Network;
let folder: TempFolder;
let file: string;

beforeEach(async () => {
	network = await Network.start();
	folder = await tempFolder();
	// So that the module finds what it imports, as it would in a project that has installed the packages.
	await symlink(
		fileURLToPath(new URL("../../node_modules", import.meta.url)),
		join(folder.path, "node_modules"),
	);
	file = join(folder.path, "functions.ts");
	await writeFile(file, SOURCE);
});
afterEach(async () => {
	await network.close();
	await folder.close();
});

/** Starts `easyremote-node`, to be ended with the test. */
function start(args: readonly string[] = [], gateway = network.url): Child {
	return network.own(
		startCommand("node", [
			file,
			"--gateway",
			gateway,
			"--id",
			"worker",
			"--json",
			...args,
		]),
	);
}

/** Waits for an event on the command's standard output. */
async function event(
	child: Child,
	name: string,
): Promise<Record<string, unknown>> {
	const line = await child.line((text) => text.includes(`"event":"${name}"`));
	return JSON.parse(line) as Record<string, unknown>;
}

const worker = () =>
	network.own(createClient({ gateway: network.url })).node<Functions>("worker");

describe("easyremote-node", () => {
	it("serves what a TypeScript file exports, in worker threads where asked to, and tells of each call", async () => {
		const node = start();
		expect(await event(node, "serving")).toMatchObject({
			id: "worker",
			functions: ["add", "slow", "spin", "where"],
		});
		expect(await worker().add(1, 2)).toBe(3);
		expect(await worker().where()).toBeGreaterThan(0);
		expect(await event(node, "call")).toMatchObject({
			function: "add",
			caller: "development",
		});
	});

	it("answers other calls, and its gateway, while a function in a worker thread computes", async () => {
		const strict = network.own(
			await Network.start({ healthCheckInterval: "300ms" }),
		);
		await event(start([], strict.url), "serving");
		const client = strict.client();
		const calls = client.node<Functions>("worker");
		const spinning = calls.spin(2_000);
		const spin = { over: false };
		void spinning.finally(() => {
			spin.over = true;
		});
		const states = new Set<string>();
		let answered = 0;
		// Six heartbeats are due meanwhile: a node that misses one and a half is "degraded", of two "lost".
		while (!spin.over) {
			for (const { state } of await client.nodes()) states.add(state);
			if ((await calls.add(1, 2)) === 3) answered += 1;
		}
		expect(await spinning).toBe("done");
		expect([...states]).toEqual(["online"]);
		expect(answered).toBeGreaterThan(10);
	});

	it("writes a line for people for each call", async () => {
		const node = network.own(
			startCommand("node", [file, "--gateway", network.url, "--id", "worker"]),
		);
		await expect
			.poll(() => node.stderr)
			.toContain('serving add, slow, spin, where as "worker"');
		await worker().add(1, 2);
		await expect
			.poll(() => node.stderr)
			.toMatch(
				/\d\d:\d\d:\d\d\.\d{3} → add (relay|direct) \S+ ms ✓ \S+ ms \S+\n/,
			);
		expect(node.stdout).toBe("");
	});

	it("finishes running calls on the first signal", async () => {
		const node = start();
		await event(node, "serving");
		const call = worker().slow(700);
		await whenStarted(call);
		node.signal("SIGINT");
		expect(await call).toBe("done");
		expect(await node.exited).toEqual({ code: 0, signal: null });
	});

	it("stops at once on the second, with 130", async () => {
		const node = start();
		await event(node, "serving");
		const call = worker().slow(60_000);
		call.catch(() => undefined);
		await whenStarted(call);
		node.signal("SIGINT");
		await event(node, "draining");
		node.signal("SIGINT");
		expect(await node.exited).toEqual({ code: 130, signal: null });
	});

	it("ends with 4 where it is not let in", async () => {
		const node = start(["--key", "er_aaaaaaaa_" + "b".repeat(43)]);
		expect(await node.exited).toMatchObject({ code: 4 });
		expect(await event(node, "error")).toMatchObject({
			error: { code: "UNAUTHENTICATED" },
		});
	});

	it("ends with 3 where there is no gateway", async () => {
		const node = start([], "http://127.0.0.1:9");
		expect(await node.exited).toMatchObject({ code: 3 });
	});

	it("ends with 2 where there is nothing to serve", async () => {
		await writeFile(file, "export const answer = 42;\n");
		const node = start();
		expect(await node.exited).toMatchObject({ code: 2 });
		expect(await event(node, "error")).toMatchObject({
			error: { message: expect.stringContaining("no function") as string },
		});
	});

	it("ends with 2 where the file cannot be loaded, and says why", async () => {
		await writeFile(file, "throw new Error('no disk');\n");
		const node = start();
		expect(await node.exited).toMatchObject({ code: 2 });
		expect(await event(node, "error")).toMatchObject({
			error: { message: expect.stringContaining("no disk") as string },
		});
	});

	it("serves a changed source anew with --watch, while calls run and go on coming", async () => {
		const node = start(["--watch"]);
		await event(node, "serving");
		const calls = worker();
		const running = calls.slow(6_000);
		await expect.poll(() => running.route.nodeId).toBe("worker");
		const adding = { wanted: true };
		const added = (async () => {
			let count = 0;
			for (; adding.wanted; count += 1)
				expect(await calls.add.with({ retries: 0 })(count, 1)).toBe(count + 1);
			return count;
		})();
		expect(await calls.where()).toBeGreaterThan(0);
		await writeFile(
			file,
			SOURCE.replace("() => threadId", "() => -threadId").replace(
				"export const spin",
				"export const version = () => 2; export const turn",
			),
		);
		expect(await event(node, "reloaded")).toMatchObject({
			functions: ["add", "slow", "turn", "version", "where"],
		});
		await expect.poll(() => calls.version().catch(() => 0)).toBe(2);
		// In a worker thread, too.
		expect(await calls.where()).toBeLessThan(0);
		await expect
			.poll(() => failure(calls.spin(1)).then(({ code }) => code))
			.toBe("NOT_FOUND");
		adding.wanted = false;
		expect(await added).toBeGreaterThan(10);
		expect(await running).toBe("done");
		node.signal("SIGTERM");
		expect(await node.exited).toEqual({ code: 0, signal: null });
	});

	it("keeps what it serves with --watch when the change cannot be loaded, and starts what could not be", async () => {
		await writeFile(file, "export const add = (");
		const node = start(["--watch"]);
		await event(node, "exited");
		await writeFile(file, SOURCE);
		await event(node, "serving");
		await writeFile(file, "export const add = (");
		await event(node, "kept");
		expect(await worker().add(1, 2)).toBe(3);
		await writeFile(file, "export const version = () => 3;");
		await event(node, "reloaded");
		await expect
			.poll(() =>
				worker()
					.version()
					.catch(() => 0),
			)
			.toBe(3);
	});
});
