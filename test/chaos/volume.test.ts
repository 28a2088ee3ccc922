import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import { canWatchMemory, ProcessMemory } from "../support/process-memory.js";
import { SeparateNetwork } from "../support/separate-network.js";
import {
	expectVolume,
	MIB,
	type Poured,
	tellVolume,
	VOLUME_TIMEOUT,
	volumeBytes,
} from "../support/volume-run.js";

const TOTAL = volumeBytes(1024);

let network: SeparateNetwork;
beforeEach(async () => {
	network = await SeparateNetwork.start();
});
afterEach(() => network.close());

if (!canWatchMemory)
	process.stdout.write(
		"streams and their memory: skipped, since only Linux tells how much other processes take\n",
	);

describe.skipIf(!canWatchMemory).each(["relay", "direct"] as const)(
	"a gibibyte over the %s path takes no memory to speak of at either end",
	(transport) => {
		it.each([
			["as an argument, client to node", "pourTo"],
			["as items of a generator, node to client", "pourFrom"],
		] as const)(
			"%s",
			async (_how, way) => {
				const node = await network.node("worker");
				const client = network.own(
					new Child(new URL("../support/programs/client.ts", import.meta.url)),
				);
				await client.ask("connect", { gateway: network.url, retries: 0 });
				const run = (bytes: number) =>
					client.ask<Poured>(way, { nodeId: "worker", bytes, transport });
				// The code, and the path, are there after this.
				await run(MIB);
				const watched = {
					client: new ProcessMemory(client.pid),
					node: new ProcessMemory(node.pid),
					gateway: new ProcessMemory(network.gateway.pid),
				};
				const poured = await run(TOTAL);
				tellVolume(`${transport}, ${way}`, TOTAL, poured, watched);
				await expectVolume(poured, TOTAL, transport, watched);
			},
			VOLUME_TIMEOUT,
		);
	},
);
