import { startCrowd, startNetwork } from "../product/start-product.js";

/** The first ones load libraries and grow heaps; they are not counted. */
const FIRST = 5;
const COUNTED = 40;

/** Resident memory that a node needs for one more client with an idle direct path, KiB. In a network of its own. */
export async function idleMemory(): Promise<number> {
	const { node, url, processes } = await startNetwork();
	const crowd = startCrowd();
	try {
		await crowd.ask("join", { gateway: url, count: FIRST });
		const before = await node.ask<number>("memory");
		await crowd.ask("join", { gateway: url, count: COUNTED });
		const after = await node.ask<number>("memory");
		return (after - before) / COUNTED / 1024;
	} finally {
		await Promise.all([crowd, ...processes].map((child) => child.close()));
	}
}
