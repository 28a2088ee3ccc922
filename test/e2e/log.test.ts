import { ControlEncoder } from "@easyremote/shared/protocol";
import { define } from "@easyremote/shared";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKey } from "../support/create-key.js";
import { failure } from "../support/failure.js";
import { Network } from "../support/network.js";
import { packet, RawSocket } from "../support/raw-socket.js";
import { postJson } from "../support/rest.js";
import { tempFolder } from "../support/temp-folder.js";

/** What is passed around in every way there is, and must be in no log. */
const PAYLOAD = "the-recipe-for-the-soup";
/** A key that somebody uses where no key belongs; as a name it would be a valid one. */
const STRAY = `er_abcd1234_${"Z".repeat(43)}`;

const functions = {
	echo: (text: string) => text,
	fail: (text: string) => {
		throw new Error(`cannot cook ${text}`);
	},
	tell: define({}, (call, text: string) => {
		call.progress({ message: text });
		call.log(text, { text });
		return text;
	}),
	async *items(text: string) {
		yield text;
		throw new Error(text);
	},
};

interface Line {
	readonly msg: string;
	readonly callId?: string;
	readonly code?: string;
	readonly node?: string;
	readonly function?: string;
}

const lines: string[] = [];
const logged = (): Line[] => lines.map((line) => JSON.parse(line) as Line);
let network: Network;
let key: string;
let nodeKey: string;
let callIds: (string | null)[];

beforeAll(async () => {
	const data = await tempFolder();
	nodeKey = await createKey(data.path, "--role", "node");
	key = await createKey(data.path, "--role", "client");
	network = Network.prepare({
		store: { path: data.path },
		logger: pino({ level: "trace" }, { write: (line) => lines.push(line) }),
	});
	network.ownFirst(data);
	await network.listen();
	await network.node(functions, { id: "kitchen", key: nodeKey });
	await callInEveryWay();
	await misbehaveInEveryWay();
	await network.close();
});
afterAll(() => network.close());

async function callInEveryWay(): Promise<void> {
	for (const transport of ["relay", "direct"] as const) {
		const client = network.client({ key, transport });
		const kitchen = client.node<typeof functions>("kitchen");
		expect(await kitchen.echo(PAYLOAD)).toBe(PAYLOAD);
		expect(await kitchen.tell(PAYLOAD)).toBe(PAYLOAD);
		await expect(kitchen.fail(PAYLOAD)).rejects.toThrow(PAYLOAD);
		await client.close();
	}
	const credential = { authorization: `Bearer ${key}` };
	const rest = (name: string) =>
		postJson(network.url, `kitchen.${name}`, { args: [PAYLOAD] }, credential);
	const answers = [await rest("echo"), await rest("fail"), await rest("items")];
	const kept = { "idempotency-key": STRAY, prefer: "respond-async" };
	const body = { args: [PAYLOAD] };
	const job = await postJson(network.url, "kitchen.echo", body, {
		...credential,
		...kept,
	});
	const result = `${network.url}${job.headers.get("location")}/result`;
	const headers = { ...credential, prefer: "wait=30" };
	expect((await fetch(result, { headers })).status).toBe(200);
	callIds = answers.map(({ headers }) => headers.get("x-easyremote-call-id"));
}

async function misbehaveInEveryWay(): Promise<void> {
	const good = { authorization: `Bearer ${key}` };
	const json = { "content-type": "application/json" };
	const post = (path: string, headers: Record<string, string>, body: string) =>
		fetch(`${network.url}${path}`, { method: "POST", headers, body });
	await post("/api/kitchen.echo", { authorization: `Bearer ${STRAY}` }, "{}");
	await post(`/api/${STRAY}?key=${STRAY}`, good, "{}");
	await post(`/api/kitchen.${STRAY}`, good, "{}");
	await post(`/api/${STRAY}.echo`, good, "{}");
	await post("/api/kitchen.echo", { ...good, ...json }, `{${PAYLOAD}`);
	await post("/api/kitchen.echo", good, JSON.stringify({ args: PAYLOAD }));

	const client = network.client({ key, retries: 0 });
	await failure(client.node<typeof functions>(STRAY).echo(PAYLOAD));
	await client.close();
	const stranger = network.client({ key: STRAY, retries: 0 });
	await failure(stranger.node<typeof functions>("kitchen").echo(PAYLOAD));
	await stranger.close();

	const encoder = new ControlEncoder(() => Date.now());
	const hello = { version: 1, agent: STRAY, instance: "i" } as const;
	for (const [door, payload] of [
		[`/nodes/${STRAY}`, { ...hello, role: "node" }],
		["/nodes/other", { ...hello, role: "node", nodeId: STRAY }],
		["/clients", { ...hello, role: "client", credential: STRAY }],
		["/clients", { ...hello, role: STRAY }],
		["/clients", { ...hello, role: "client", instance: `${STRAY} ` }],
	] as const) {
		const socket = await RawSocket.open(network.url, door);
		socket.send(packet(0, encoder.encode("hello", payload as never).body));
		expect(await socket.closed).toBeGreaterThanOrEqual(4400);
	}
}

describe("the log of a gateway, however talkative", () => {
	it("has no credential and nothing of what was called with or answered", () => {
		const text = lines.join("");
		const secrets = [key, nodeKey, STRAY].flatMap((each) => [
			each,
			each.slice(12),
		]);
		for (const secret of [...secrets, PAYLOAD, "soup"])
			expect(text).not.toContain(secret);
	});

	it("has a line for each REST call, under the id that the caller has", () => {
		const [answered, failed, streamed] = callIds.map((callId) =>
			logged().filter((line) => line.callId === callId),
		);
		expect(answered).toMatchObject([
			{
				msg: "call answered",
				code: "OK",
				function: "echo",
				node: "kitchen",
				ms: expect.any(Number) as number,
			},
		]);
		expect(failed).toMatchObject([
			{ msg: "call failed", code: "FUNCTION_ERROR", function: "fail" },
		]);
		expect(streamed).toMatchObject([
			{ msg: "call failed", code: "FUNCTION_ERROR", function: "items" },
		]);
	});

	it("tells who came, who went, and who was turned away", () => {
		const messages = new Set(logged().map(({ msg }) => msg));
		for (const message of [
			"node joined",
			"node left",
			"session opened",
			"session closed",
			"socket refused",
			"request refused",
			"a credential was refused",
		])
			expect(messages).toContain(message);
		const joined = logged().find(({ msg }) => msg === "node joined");
		expect(joined).toMatchObject({ node: "kitchen", kind: "compute" });
		const left = logged().find(({ msg }) => msg === "node left");
		expect(left).toMatchObject({ node: "kitchen" });
	});
});
