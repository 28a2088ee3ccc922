import { Agent } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNode } from "@easyremote/node-runtime";
import { Authority, GATEWAY, type Pem } from "../support/certificates.js";
import { httpsJson } from "../support/https.js";
import { EAGER, Network } from "../support/network.js";
import { runJson } from "../support/commands.js";
import { tempFolder } from "../support/temp-folder.js";

const functions = { add: (a: number, b: number) => a + b };
const NODE = [{ type: "url", value: "easyremote:node:gpu-1" }] as const;

let network: Network;
let ours: Authority;
let ca: string;
let nodes: Pem;
let laptop: Pem;
/** Of another authority that has the same name, for the same names. */
let forged: Pem;

beforeAll(async () => {
	ours = await Authority.create("CN=Ours");
	const others = await Authority.create("CN=Ours");
	const own = await Authority.create("CN=Public");
	ca = own.cert;
	[nodes, laptop, forged] = await Promise.all([
		ours.issue({ subject: "CN=gpu-1", names: NODE }),
		ours.issue({ subject: "CN=laptop" }),
		others.issue({ subject: "CN=gpu-1", names: NODE }),
	]);
	const data = await tempFolder();
	// Any key ends development mode, in which everybody could do everything.
	await runJson("gateway", [
		...["key", "create", "--role", "admin", "--data", data.path],
	]);
	network = Network.prepare({
		store: { path: data.path },
		auth: { allowAnonymous: true },
		tls: { ...(await own.issue(GATEWAY)), clientCa: ours.cert },
	});
	network.ownFirst(data);
	await network.listen();
	const node = createNode({
		...{ gateway: network.url, id: "gpu-1", ...EAGER },
		tls: { ca, ...nodes },
	});
	network.own(node);
	node.register(functions);
	node.register("double", (n: number) => 2 * n, {
		public: true,
		authRequired: false,
	});
	await node.serve();
});
afterAll(() => network.close());

function call(ref: string, pem?: Pem, headers = {}, agent?: Agent) {
	const options = { method: "POST", body: { args: [20, 22] } } as const;
	return httpsJson(`${network.url}/api/${ref}`, {
		...options,
		...{ ca, ...pem, headers, agent },
	});
}

/** How the gateway answers a node that shows this certificate. */
async function served(id: string, pem?: Pem): Promise<void> {
	const node = createNode({
		gateway: network.url,
		id,
		...EAGER,
		tls: { ca, ...pem },
	});
	network.own(node);
	node.register(functions);
	await node.serve();
}

describe("a client certificate", () => {
	it("lets its holder call over REST, as it lets a node in", async () => {
		expect(await call("gpu-1.add", laptop)).toMatchObject({
			status: 200,
			json: { result: 42 },
		});
	});

	it("of a node lets it be that node and no other, and call nothing", async () => {
		await expect(served("gpu-2", nodes)).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		expect((await call("gpu-1.add", nodes)).status).toBe(404);
	});

	it("is not there for who shows none", async () => {
		expect((await call("gpu-1.add")).status).toBe(404);
		expect((await call("gpu-1.double")).status).toBe(200);
		await expect(served("gpu-1")).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("of another authority is refused, whatever it is called and is asked for", async () => {
		expect(await call("gpu-1.double", forged)).toMatchObject({
			status: 401,
			json: { code: "UNAUTHENTICATED" },
		});
		await expect(served("gpu-1", forged)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
		const key = { authorization: "Bearer er_aaaaaaaa_nonsense" };
		expect((await call("gpu-1.double", forged, key)).status).toBe(401);
	});

	it("past its time is refused", async () => {
		const late = await ours.issue({ subject: "CN=laptop", expired: true });
		expect((await call("gpu-1.double", late)).status).toBe(401);
	});

	it.each([
		["who never showed one has none", undefined, 404],
		["who showed one has it still", () => laptop, 200],
	])("on a resumed connection: %s", async (_who, pem, status) => {
		const agent = new Agent({ keepAlive: false });
		const answers = [];
		for (let round = 0; round < 3; round += 1)
			answers.push(await call("gpu-1.add", pem?.(), {}, agent));
		expect(answers.at(-1)?.resumed).toBe(true);
		expect(answers.map((answer) => answer.status)).toEqual(
			Array(3).fill(status),
		);
		agent.destroy();
	});
});
