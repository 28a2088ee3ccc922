import type { CallMeta } from "@easyremote/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { countingRtc, type CountingRtc } from "../support/counting-rtc.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";

const CLIENTS = 4;
/** Enough for a call to wait for the direct path. */
const BYTES = 512 * 1024;

let network: Network;
let counting: CountingRtc;
beforeEach(async () => {
	network = await Network.start();
	counting = countingRtc();
	await network.node(functions, {
		id: "worker",
		rtc: counting.rtc,
		maxPeerConnections: 2,
	});
});
afterEach(() => network.close());

const handles = () =>
	Array.from({ length: CLIENTS }, () =>
		network.client({ retries: 0 }).node<typeof functions>("worker"),
	);

async function echo(
	node: ReturnType<typeof handles>[number],
	seed: number,
): Promise<CallMeta> {
	const sent = new Uint8Array(BYTES).fill(seed);
	const { value, meta } = await node.echo(sent).withMeta();
	expect(Buffer.compare(value as Uint8Array, sent)).toBe(0);
	return meta;
}

function expectDirect({ transport, pathReason }: CallMeta): void {
	expect({ transport, pathReason }).toEqual({
		transport: "direct",
		pathReason: undefined,
	});
}

it("callers in turn all come directly, though there are fewer connections than callers", async () => {
	const callers = handles();
	for (let round = 0; round < 2; round += 1)
		for (const [index, caller] of callers.entries())
			expectDirect(await echo(caller, round * CLIENTS + index));
	expect(counting.most).toBe(2);
	expect(counting.made).toBeGreaterThan(2);
});

it("callers at once are all answered, by more ways than one if need be", async () => {
	const callers = handles();
	for (let round = 0; round < 3; round += 1) {
		const ways = await Promise.all(
			callers.map((caller, index) => echo(caller, round * CLIENTS + index)),
		);
		for (const { transport } of ways)
			expect(["direct", "relay"]).toContain(transport);
	}
	expect(counting.most).toBeLessThanOrEqual(2);
});

it("none is left when the node has closed", async () => {
	const [caller] = handles();
	if (!caller) throw new Error("no caller");
	expectDirect(await echo(caller, 1));
	await network.close();
	await expect.poll(() => counting.open).toBe(0);
});
