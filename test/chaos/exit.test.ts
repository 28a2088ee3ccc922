import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import { startCommand, startGatewayCommand } from "../support/commands.js";
import { whenStarted } from "../support/outcome.js";
import { SeparateNetwork } from "../support/separate-network.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

const CLEAN = { code: 0, signal: null };

describe("a process that is done ends by itself", () => {
	let network: SeparateNetwork;
	beforeEach(async () => {
		network = await SeparateNetwork.start();
	});
	afterEach(() => network.close());

	it.each(["relay", "direct"] as const)(
		"a client, after close(), with a %s path",
		async (transport) => {
			await network.node("worker");
			const client = network.own(
				new Child(new URL("../support/programs/client.ts", import.meta.url)),
			);
			await client.ask("connect", { gateway: network.url, transport });
			expect(await client.ask("call", { nodeId: "worker", transport })).toBe(
				transport,
			);
			await client.ask("leave");
			expect(await client.exited).toEqual(CLEAN);
			expect(client.stderr).toBe("");
		},
	);

	it.each(["relay", "direct"] as const)(
		"a node on SIGTERM, once the call on the %s path is answered",
		async (transport) => {
			const child = await network.node("worker");
			const node = await network.connected("worker", transport);
			const call = node.later(500);
			await whenStarted(call);
			child.signal("SIGTERM");
			expect(await call).toBe("done");
			expect(await child.exited).toEqual(CLEAN);
			expect(child.stderr).toBe("");
		},
	);
});

describe("a command", () => {
	let folder: TempFolder;
	const started: Child[] = [];
	const own = (child: Child): Child => {
		started.push(child);
		return child;
	};
	beforeEach(async () => {
		folder = await tempFolder();
	});
	afterEach(async () => {
		for (const child of started.splice(0).reverse()) await child.close();
		await folder.close();
	});

	it("ends with 0 where it is stopped, and a call with its answer", async () => {
		const module = join(folder.path, "functions.mjs");
		await writeFile(module, "export const add = (a, b) => a + b;\n");
		const gateway = await startGatewayCommand([
			"--port",
			"0",
			"--data",
			join(folder.path, "data"),
		]);
		own(gateway.child);
		const node = own(
			startCommand("node", [
				module,
				"--gateway",
				gateway.url,
				"--id",
				"worker",
				"--json",
			]),
		);
		await node.line(() => true);
		for (const transport of ["relay", "direct"]) {
			const call = own(
				startCommand("client", [
					"call",
					"worker.add",
					"1",
					"2",
					"--transport",
					transport,
					"--gateway",
					gateway.url,
				]),
			);
			expect(await call.exited, call.stderr).toEqual(CLEAN);
			expect(call.stdout.trim()).toBe("3");
		}
		node.signal("SIGTERM");
		expect(await node.exited, node.stderr).toEqual(CLEAN);
		gateway.child.signal("SIGTERM");
		expect(await gateway.child.exited, gateway.child.stderr).toEqual(CLEAN);
	});

	it("that finds no gateway ends with 3", async () => {
		const call = own(
			startCommand("client", [
				"call",
				"worker.add",
				"1",
				"2",
				"--gateway",
				"http://127.0.0.1:9",
				"--timeout",
				"1s",
			]),
		);
		expect(await call.exited).toMatchObject({ code: 3 });
	});

	it("called wrongly ends with 2", async () => {
		for (const name of ["gateway", "node", "client"] as const) {
			const wrong = own(startCommand(name, ["--no-such-flag"]));
			expect(await wrong.exited, name).toMatchObject({ code: 2 });
		}
	});
});
