import { afterEach, expect, it } from "vitest";
import { createClient } from "@easyremote/client";
import { createNode } from "@easyremote/node-runtime";
import { Child } from "../support/child.js";
import * as functions from "../support/functions.js";
import { EAGER, type Closeable } from "../support/network.js";
import { PathProbe } from "../support/path-probe.js";
import type { MemoryUse } from "../support/programs/gateway.js";

const MIB = 1024 ** 2;
const owned: Closeable[] = [];
afterEach(async () => {
	for (const thing of owned.splice(0).reverse()) await thing.close();
});
function own<T extends Closeable>(thing: T): T {
	owned.push(thing);
	return thing;
}

it("64 MiB through the gateway cost it less than 16 MiB of memory", async () => {
	const gateway = own(
		new Child(new URL("../support/programs/gateway.ts", import.meta.url), {
			nodeFlags: ["--expose-gc"],
		}),
	);
	const { url } = await gateway.ask<{ url: string }>("listen", {});
	const node = own(createNode({ gateway: url, id: "target", ...EAGER }));
	node.register(functions);
	await node.serve();
	const probe = own(
		new PathProbe(createClient, { gateway: url, nodeId: "target" }),
	);
	const transfer = async () => {
		await gateway.ask("watchMemory");
		expect(await probe.echo(64 * MIB, "relay")).toMatchObject({
			intact: true,
			transport: "relay",
		});
		return gateway.ask<MemoryUse>("peakMemory");
	};
	// What transfers need for ever (code, pools, windows) is there after the first ones.
	await transfer();
	const before = await transfer();
	const idle = await probe.transport().then(async () => {
		await gateway.ask("watchMemory");
		return gateway.ask<MemoryUse>("peakMemory");
	});
	const during = await transfer();
	const held = (during.held - idle.held) / MIB;
	const grown = (during.rss - before.rss) / MIB;
	process.stdout.write(
		`the gateway held ${held.toFixed(1)} MiB more during the transfer; its peak changed by ${grown.toFixed(1)} MiB\n`,
	);
	expect(held).toBeLessThanOrEqual(16);
	expect(grown).toBeLessThanOrEqual(16);
});
