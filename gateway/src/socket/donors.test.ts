import {
	createDonorKeys,
	donorId,
	proveDonor,
	publicDonorKey,
} from "@easyremote/shared/security";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleOf } from "../bundles/testing/bundle-of.js";
import type { RawPeer } from "./testing/raw-peer.js";
import {
	openTestGateway,
	principal,
	type TestGateway,
	type TestGatewayOptions,
} from "./testing/test-gateway.js";

let gateway: TestGateway;
let keys: CryptoKeyPair;
let id: string;

beforeAll(async () => {
	keys = await createDonorKeys();
	id = await donorId(await publicDonorKey(keys));
});
afterEach(() => gateway.close());

async function open(options?: TestGatewayOptions) {
	gateway = await openTestGateway(options);
}

interface Said {
	readonly nodeId?: string;
	readonly credential?: string;
	readonly tags?: string[];
	/** What it signs, where that is not what it should. */
	readonly claim?: Partial<Parameters<typeof proveDonor>[1]>;
	readonly forge?: (
		proof: Awaited<ReturnType<typeof proveDonor>>,
	) => typeof proof | undefined;
}

async function donate({
	nodeId = "tab-1",
	credential,
	tags,
	claim,
	forge = (proof) => proof,
}: Said = {}) {
	const peer = await gateway.connect(`/nodes/${nodeId}`);
	const host = new URL(gateway.url).host;
	const proof = await proveDonor(keys, {
		host,
		nodeId,
		instance: "i",
		signedAt: Date.now(),
		...claim,
	});
	const donor = forge(proof);
	const node = { kind: "donor" as const, ...(donor && { donor }) };
	const welcome = await peer.hello("node", {
		nodeId,
		credential,
		node,
		...(tags && { tags }),
	});
	return { peer, welcome };
}

/** How a donor was turned away. */
async function refusal(said: Said) {
	const nodeId = said.nodeId ?? "tab-1";
	await expect(donate(said)).rejects.toThrow("closed while");
	expect(
		(await gateway.registry.nodes(principal("admin", "admin"))).map(
			(node) => node.nodeId,
		),
	).not.toContain(nodeId);
}

async function publish(version: string) {
	const { manifest, code } = bundleOf({ version });
	await gateway.bundles.publish(manifest, Buffer.from(code), "laptop");
}

const nextNames = async (peer: RawPeer) =>
	(await peer.next("bundles")).payload.bundles.map(
		({ name, version }) => `${name}@${version}`,
	);

describe("a donor", () => {
	it("is let in without a credential where donating is open, as whoever has its key", async () => {
		await open({ openDonors: true });
		const { welcome } = await donate();
		expect(welcome.principal).toEqual({
			id: `donor:${id}`,
			subject: `donor ${id}`,
			anonymous: false,
			grants: ["node:tab-*"],
		});
		expect(await gateway.registry.donorOf("tab-1")).toBe(id);
		expect(gateway.door.stats).toMatchObject({ nodes: 1, donors: 1 });
	});

	it("takes a credential elsewhere, which may make it a trusted one", async () => {
		await open({
			principals: [
				principal("lab", "node:tab-*", "trusted"),
				{ ...principal("nobody"), anonymous: true },
			],
		});
		await refusal({ credential: "nobody" });
		await refusal({ credential: "unknown" });
		const { peer, welcome } = await donate({ credential: "lab" });
		expect(welcome.principal.id).toBe("lab");
		await publish("1");
		await peer.register("mandelbrot@1/tile");
		const { providers } = await gateway.registry.providersFor(
			{ function: "mandelbrot/tile" },
			principal("ada", "call:*"),
		);
		expect(providers[0]?.donor).toEqual({ id, trusted: true, validInRow: 0 });
	});

	it("with a credential that is not valid is refused even where donating is open", async () => {
		await open({ openDonors: true });
		await refusal({ credential: "unknown" });
	});

	it("without a good proof of its key is refused", async () => {
		await open({ openDonors: true });
		const minutes = 60_000;
		const other = await createDonorKeys();
		const otherKey = Buffer.from(await publicDonorKey(other)).toString(
			"base64url",
		);
		const refused: Said[] = [
			{ forge: () => undefined },
			{ forge: (proof) => ({ ...proof, key: otherKey }) },
			{ forge: (proof) => ({ ...proof, signature: "A".repeat(86) }) },
			{ forge: (proof) => ({ ...proof, signedAt: proof.signedAt + 1 }) },
			{ forge: (proof) => ({ ...proof, key: "A".repeat(43) }) },
			{ forge: (proof) => ({ ...proof, key: "_".repeat(43) }) },
			{ claim: { signedAt: Date.now() - 6 * minutes } },
			{ claim: { signedAt: Date.now() + 6 * minutes } },
			{ claim: { signedAt: Number.NaN } },
			{ claim: { host: "other.example" } },
			{ claim: { nodeId: "tab-2" } },
			{ claim: { instance: "other" } },
		];
		for (const said of refused) await refusal(said);
		expect(gateway.door.stats.donors).toBe(0);
	});

	it("says little of itself", async () => {
		await open({ openDonors: true });
		await refusal({ tags: ["x".repeat(4_096)] });
		await expect(donate({ tags: ["lab"] })).resolves.toBeDefined();
	});

	it("without a credential is nobody but a tab", async () => {
		await open({ openDonors: true });
		await refusal({ nodeId: "gpu-1" });
	});

	it("hears what is published, and again when that changes; other nodes do not", async () => {
		await open({ openDonors: true });
		await publish("1");
		const node = await gateway.node("gpu-1");
		const { peer } = await donate();
		expect(await nextNames(peer)).toEqual(["mandelbrot@1"]);
		await publish("2");
		expect(await nextNames(peer)).toEqual(["mandelbrot@2", "mandelbrot@1"]);
		await gateway.bundles.unpublish("mandelbrot", "2");
		expect(await nextNames(peer)).toEqual(["mandelbrot@1"]);
		expect(node.controls).toEqual([]);
	});

	it("may not tell the gateway what is published", async () => {
		await open({ openDonors: true });
		const { peer } = await donate();
		peer.send("bundles", { bundles: [] });
		expect((await peer.closed).code).toBe(4400);
	});

	it("is taken off at once when its page says so, and its callers hear of it; other nodes are not", async () => {
		await open({ openDonors: true });
		await publish("1");
		const { peer, welcome } = await donate();
		await peer.register("mandelbrot@1/tile");
		const client = await gateway.client();
		await client.openSession(peer, "tab-1", 1);
		gateway.door.leave(welcome.connectionId);
		expect((await client.next("session_close")).payload).toMatchObject({
			session: 1,
			error: { message: "the node has left" },
		});
		expect((await peer.closed).code).toBe(1000);
		expect(gateway.door.stats.donors).toBe(0);
		gateway.door.leave("unknown");
		const compute = await gateway.connect("/nodes/gpu-1");
		const { connectionId } = await compute.hello("node", { nodeId: "gpu-1" });
		gateway.door.leave(connectionId);
		expect(gateway.door.stats.nodes).toBe(1);
	});
});
