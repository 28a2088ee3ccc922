import { Child } from "../../support/child.js";
import type { Contender } from "../contender.js";
import { HEAP_FLAG } from "../heap-flag.js";
import type { PageClient } from "../page/page-client.js";

/** What the product's contenders share: one gateway with one node. */
export interface Network {
	readonly gateway: Child;
	readonly node: Child;
	readonly url: string;
	readonly processes: readonly Child[];
}

/** Starts a gateway and a node, a process each. */
export async function startNetwork(): Promise<Network> {
	const gateway = program("gateway.ts");
	const node = program("node.ts");
	const url = await gateway.ask<string>("listen", {});
	await node.ask("serve", { gateway: url });
	return { gateway, node, url, processes: [node, gateway] };
}

/** Starts a client that keeps to one path. */
export async function startClient(
	network: Network,
	transport: "direct" | "relay",
): Promise<Contender> {
	const client = program("client.ts");
	const used = await client.ask<string>("connect", {
		gateway: network.url,
		transport,
	});
	if (used !== transport)
		throw new Error(`asked for ${transport}, but the call took ${used}`);
	const { gateway, node } = network;
	return {
		name: `EasyRemote ${transport}`,
		client,
		middle: gateway,
		way: transport === "relay" ? [client, gateway, node] : [],
		processes: [client],
	};
}

/** A page whose client keeps to the direct path. */
export async function startPage(
	network: Network,
	page: PageClient,
): Promise<Contender> {
	const connection = { gateway: network.url, transport: "direct" };
	const used = await page.ask<string>("connect", connection);
	if (used !== "direct")
		throw new Error(`asked for direct, but the page's call took ${used}`);
	return {
		name: "EasyRemote page",
		client: page,
		middle: network.gateway,
		way: [],
		processes: [],
	};
}

/** A process whose clients come in numbers, to see what each costs the node. */
export function startCrowd(): Child {
	return program("crowd.ts");
}

/** Starts one of the product's programs in this folder. */
export function program(file: string): Child {
	// As users get it: the loader of sources names every closure at run time, which costs small calls time.
	return new Child(new URL(file, import.meta.url), {
		built: true,
		// Memory is read after a collection.
		nodeFlags: ["--expose-gc", HEAP_FLAG],
	});
}
