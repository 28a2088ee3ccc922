// A caller that makes small calls while a payload moves. Runs in Node and, transpiled, in a page.
import type { createClient } from "@easyremote/client";
import { median } from "../median.js";
import type * as Functions from "../product/functions.js";
import { randomBytes } from "../random-bytes.js";
import { sha256 } from "../sha256.js";

export interface BesideRequest {
	readonly gateway: string;
	readonly node: string;
	readonly transport: "relay" | "direct";
	readonly bytes: number;
}

/** How long the small calls took, ms. */
export interface BesideResult {
	readonly median: number;
	readonly slowest: number;
}

/** Wait between two small calls, ms. */
const PAUSE_MS = 5;

/** Has `bytes` echoed, with one small call after the other beside it. Throws if a byte came back changed. */
export async function callBesideBulk(
	create: typeof createClient,
	{ gateway, node: id, transport, bytes }: BesideRequest,
): Promise<BesideResult> {
	const client = create({ gateway, transport });
	try {
		const node = client.node<typeof Functions>(id);
		const tiny = new Uint8Array(16);
		await node.tiny(tiny);
		const payload = randomBytes(bytes);
		const sent = await sha256(payload);
		const took: number[] = [];
		let moving = true;
		const isMoving = (): boolean => moving;
		const echo = node.same(payload).finally(() => {
			moving = false;
		});
		while (isMoving()) {
			const begun = performance.now();
			await node.tiny(tiny);
			took.push(performance.now() - begun);
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		}
		if ((await sha256((await echo) as Uint8Array)) !== sent)
			throw new Error("the payload came back changed");
		return { median: median(took), slowest: Math.max(...took) };
	} finally {
		await client.close();
	}
}
