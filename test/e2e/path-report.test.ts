import { type ClientRouteChange, createClient } from "@easyremote/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { rtcWithoutCandidates } from "../support/without-candidates.js";

interface Listed {
	readonly id: string;
	readonly paths?: {
		readonly direct: number;
		readonly relay: number;
		readonly reason?: string;
	};
}

let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "target", heartbeatInterval: "100ms" });
});
afterAll(() => network.close());

/** A client that can make no direct connection, and what it was told of its way to the node. */
function walledClient() {
	const client = network.own(
		createClient({ gateway: network.url, rtc: rtcWithoutCandidates }),
	);
	const changes: ClientRouteChange[] = [];
	client.addEventListener("route", ({ detail }) => changes.push(detail));
	return { client, changes };
}

/** What the gateway lists of the node, once it is as `wanted`. */
async function listed(
	wanted: (paths: NonNullable<Listed["paths"]>) => boolean,
): Promise<Listed["paths"]> {
	for (;;) {
		const response = await fetch(`${network.url}/api/nodes`);
		const { nodes } = (await response.json()) as { nodes: Listed[] };
		const paths = nodes.find(({ id }) => id === "target")?.paths;
		if (paths && wanted(paths)) return paths;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

it("tells in a call's meta and in route events why it did not go directly", async () => {
	const { client, changes } = walledClient();
	const { add } = client.node<typeof functions>("target");
	const first = await add(1, 2).withMeta();
	expect(first.meta).toMatchObject({
		transport: "relay",
		pathReason: "the direct path was still being opened",
	});
	const failed = () =>
		changes.find(
			(change) => change.kind === "path" && change.report?.state === "failed",
		);
	while (!failed()) await new Promise((resolve) => setTimeout(resolve, 20));
	const { meta } = await add(1, 2).withMeta();
	expect(meta.pathReason).toMatch(/no ICE candidates.*; .*TURN server/);
	expect(failed()).toMatchObject({
		kind: "path",
		nodeId: "target",
		transport: "relay",
		reason: meta.pathReason,
		report: {
			state: "failed",
			candidates: { local: {} },
			fix: expect.stringContaining("TURN server") as string,
		},
	});
	await client.close();
});

it("lists how many sessions of a node are direct, and why others are not", async () => {
	const near = network.client();
	while (
		(await near.node<typeof functions>("target").add(1, 2).withMeta()).meta
			.transport !== "direct"
	)
		await new Promise((resolve) => setTimeout(resolve, 20));
	const { client } = walledClient();
	await client.node<typeof functions>("target").add(1, 2);
	const paths = await listed(
		({ direct, relay, reason }) =>
			direct === 1 && relay === 1 && reason !== undefined,
	);
	// Not a word of the caller's, who could write anything there.
	expect(paths?.reason).not.toContain("the far end says");
	await near.close();
	await client.close();
	await listed(({ direct, relay }) => direct + relay === 0);
});
