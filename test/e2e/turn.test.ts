import { afterEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import { Coturn, missingCoturn } from "../support/coturn.js";
import { failure } from "../support/failure.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";

const SECRET = "shared between gateway and TURN server";
const privately = { iceTransportPolicy: "relay" } as const;

let network: Network | undefined;
let coturn: Coturn | undefined;
let program: Child | undefined;
afterEach(async () => {
	await program?.close();
	program = undefined;
	await network?.close();
	await coturn?.close();
	network = undefined;
	coturn = undefined;
});

async function start(secret: string): Promise<Network> {
	coturn = await Coturn.start(SECRET);
	network = await Network.start({
		ice: { stun: false, turn: { urls: coturn.url, secret, ttl: "1m" } },
	});
	await network.node(functions, { id: "worker", ...privately });
	return network;
}

const why = missingCoturn();
if (why !== undefined) process.stderr.write(`TURN is not tested: ${why}\n`);

describe.skipIf(why !== undefined)("with a TURN server", () => {
	it("connects peers that have nothing else, with credentials made for each", async () => {
		const { url: gateway } = await start(SECRET);
		// A process of its own: libdatachannel may stop the DTLS server of two that hide.
		const path = "../support/programs/client.ts";
		program = new Child(new URL(path, import.meta.url));
		const transport = "direct";
		await program.ask("connect", { gateway, transport, ...privately });
		const nodeId = "worker";
		await program.ask("startEcho", { nodeId, bytes: 1024 ** 2 });
		expect(await program.ask("echoed")).toBe(true);
		expect(await program.ask("call", { nodeId, transport })).toBe("direct");
	});

	it("lets nobody in with credentials of another secret, and the call says so", async () => {
		const client = (await start("guessed")).client({
			transport: "direct",
			retries: 0,
			...privately,
		});
		const error = await failure(
			client.node<typeof functions>("worker").add(1, 2),
		);
		expect(error.code).toBe("UNAVAILABLE");
		expect(error.message).toContain(
			`${coturn?.url} gave none, so it refuses the credentials`,
		);
		expect(error.hint).toContain("the server's own secret");
	});
});

it("without a TURN server, peers that keep their addresses to themselves stay on the relay", async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker", ...privately });
	for (const policy of [privately, {}]) {
		const client = network.client({
			transport: "direct",
			retries: 0,
			...policy,
		});
		const error = await failure(
			client.node<typeof functions>("worker").add(1, 2),
		);
		expect(error.code).toBe("UNAVAILABLE");
	}
	const node = network.client(privately).node<typeof functions>("worker");
	const { value, meta } = await node.add(1, 2).withMeta();
	expect([value, meta.transport]).toEqual([3, "relay"]);
});
