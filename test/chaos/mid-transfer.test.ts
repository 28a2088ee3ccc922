import { createHash } from "node:crypto";
import { createClient } from "@easyremote/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BreakableRtc, breakableRtc } from "../support/breakable-rtc.js";
import { Network } from "../support/network.js";

const MIB = 1024 ** 2;
const TOTAL = 64 * MIB;
/** So much has moved, at least, when the path dies. */
const BEFORE_CUT = 24 * MIB;
/** What may be on its way, and is sent once more: the window of a path, twice. */
const SLACK = 8 * MIB;

const bytesOf = (seed: number): Uint8Array => {
	const words = new Uint32Array(TOTAL / 4);
	for (let index = 0; index < words.length; index += 1)
		words[index] = Math.imul(index + seed, 2654435761);
	return new Uint8Array(words.buffer);
};
const hash = (bytes: Uint8Array): string =>
	createHash("sha256").update(bytes).digest("hex");

let runs: number;
const functions = {
	ping: () => "pong",
	digest: (bytes: Uint8Array) => {
		runs += 1;
		return hash(bytes);
	},
	produce: (seed: number) => {
		runs += 1;
		return bytesOf(seed);
	},
};

let network: Network;
let breakable: BreakableRtc;
beforeEach(async () => {
	runs = 0;
	network = await Network.start();
	await network.node(functions, { id: "worker" });
	breakable = breakableRtc();
});
afterEach(() => network.close());

/** A client whose calls go directly. */
async function connected() {
	const client = network.own(
		createClient({ gateway: network.url, rtc: breakable.rtc, retries: 0 }),
	);
	const node = client.node<typeof functions>("worker");
	const { meta } = await node.ping.with({ transport: "direct" })().withMeta();
	expect(meta.transport).toBe("direct");
	return node;
}

async function relayedBytes(): Promise<number> {
	const report = await fetch(`${network.url}/api/report`);
	const { traffic } = (await report.json()) as {
		traffic: { relayedBytes: number };
	};
	return traffic.relayedBytes;
}

/** Cuts the direct path when enough has moved; gives how much that was, bytes. */
async function cutWithin(
	call: Pick<
		ReturnType<Awaited<ReturnType<typeof connected>>["digest"]>,
		"events"
	>,
	direction: "sent" | "received",
): Promise<number> {
	for await (const event of call.events()) {
		if (event.type !== "transfer" || event[direction] < BEFORE_CUT) continue;
		breakable.cut();
		return event[direction];
	}
	throw new Error("the call was over before its path could be cut");
}

async function expectResumed(moved: number, relayedBefore: number) {
	const relayed = (await relayedBytes()) - relayedBefore;
	process.stdout.write(
		`cut after ${(moved / MIB).toFixed(1)} MiB of ${TOTAL / MIB}; ${(relayed / MIB).toFixed(1)} MiB went through the gateway\n`,
	);
	expect(moved).toBeLessThan(TOTAL);
	expect(relayed).toBeGreaterThan(0);
	expect(relayed).toBeLessThanOrEqual(TOTAL - moved + SLACK);
	expect(runs).toBe(1);
}

describe("when the direct path dies within 64 MiB", () => {
	it("an argument goes on over the relay where it was, and the function runs once", async () => {
		const node = await connected();
		const before = await relayedBytes();
		const sent = bytesOf(1);
		const call = node.digest(sent);
		const moved = await cutWithin(call, "sent");
		const { value, meta } = await call.withMeta();
		expect(value).toBe(hash(sent));
		expect(meta.transport).toBe("relay");
		await expectResumed(moved, before);
	});

	it("a result goes on over the relay where it was, and the function runs once", async () => {
		const node = await connected();
		const before = await relayedBytes();
		const call = node.produce(2);
		const moved = await cutWithin(call, "received");
		const { value, meta } = await call.withMeta();
		expect(hash(value)).toBe(hash(bytesOf(2)));
		expect(meta.transport).toBe("relay");
		await expectResumed(moved, before);
	});
});
