import { afterEach, expect, it } from "vitest";
import { createClient } from "@easyremote/client";
import { createNode } from "@easyremote/node-runtime";
import { Child } from "../support/child.js";
import * as functions from "../support/functions.js";
import { EAGER, type Closeable } from "../support/network.js";
import { PathProbe } from "../support/path-probe.js";

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
	// What a transfer needs for ever (code, pools, windows) is there after the first ones.
	for (let round = 0; round < 2; round += 1)
		await probe.echo(64 * MIB, "relay");
	const before = await gateway.ask<number>("watchMemory");
	const { intact, transport } = await probe.echo(64 * MIB, "relay");
	const peak = await gateway.ask<number>("peakMemory");
	expect({ intact, transport }).toEqual({ intact: true, transport: "relay" });
	const grown = (peak - before) / MIB;
	process.stdout.write(
		`the gateway grew by ${grown.toFixed(1)} MiB from ${(before / MIB).toFixed(0)} MiB\n`,
	);
	expect(grown).toBeLessThanOrEqual(16);
});
