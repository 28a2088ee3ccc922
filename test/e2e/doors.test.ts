import { createNode } from "@easyremote/node-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Authority, GATEWAY } from "../support/certificates.js";
import { runJson } from "../support/commands.js";
import { httpsJson, type TlsIdentity } from "../support/https.js";
import { EAGER, Network } from "../support/network.js";
import { RawClient } from "../support/raw-client.js";
import { tempFolder } from "../support/temp-folder.js";
import { tokenIssuer } from "../support/token-issuer.js";

/** Something to come in with: how it is shown, over REST and over a socket. */
interface Pass {
	readonly credential?: string;
	readonly tls?: Partial<TlsIdentity>;
}

/** What the functions of the node "worker" are open to. */
const FUNCTIONS = {
	hidden: {},
	shown: { public: true },
	open: { public: true, authRequired: false },
	known: { authRequired: false },
} as const;
type FunctionName = keyof typeof FUNCTIONS;

/** The codes with which each function is answered; "ok" where it may be called. */
type Answers = Readonly<Record<FunctionName, string>>;

const EVERYTHING: Answers = {
	hidden: "ok",
	shown: "ok",
	open: "ok",
	known: "ok",
};
const LITTLE = { hidden: "NOT_FOUND", open: "ok", known: "ok" } as const;
const SHOWN: Answers = { ...LITTLE, shown: "ok" };
const STRANGER: Answers = { ...LITTLE, shown: "UNAUTHENTICATED" };
const NOTHING: Answers = { ...LITTLE, shown: "PERMISSION_DENIED" };

let network: Network;
let ca: string;
const passes = new Map<string, Pass>();

beforeAll(async () => {
	const [own, clients, others] = await Promise.all([
		Authority.create(),
		Authority.create("CN=Clients"),
		Authority.create("CN=Clients"),
	]);
	ca = own.cert;
	const issuer = await tokenIssuer();
	const stranger = await tokenIssuer();
	const data = await tempFolder();
	const key = async (...flags: string[]) => {
		const args = ["key", "create", "--data", data.path, ...flags];
		const [made] = await runJson<{ key: string; id: string }>("gateway", args);
		if (!made) throw new Error("no key was printed");
		return made;
	};
	const grant = (text: string) => ({
		type: "url" as const,
		value: `easyremote:grant:${text}`,
	});
	const full = await key("--role", "client");
	const narrow = await key("--role", "client", "--grant", "call:*.shown");
	const node = await key("--role", "node");
	const expired = await key("--role", "client", "--expires", "1ms");
	const revoked = await key("--role", "client");
	await runJson("gateway", ["key", "revoke", revoked.id, "--data", data.path]);
	const certificate = await clients.issue({ subject: "CN=laptop" });
	const limited = await clients.issue({
		subject: "CN=limited",
		names: [grant("call:worker.shown")],
	});
	const forged = await others.issue({ subject: "CN=laptop" });
	const now = Math.floor(Date.now() / 1_000);
	const token = (claims: Record<string, unknown>) => issuer.token(claims);
	const entries: [string, Pass][] = [
		["nothing", {}],
		["a key", { credential: full.key }],
		["a key with one grant", { credential: narrow.key }],
		["a key of a node", { credential: node.key }],
		["a token", { credential: await token({ scope: "call:*" }) }],
		[
			"a token with one grant",
			{ credential: await token({ easyremote: { grants: ["call:shown"] } }) },
		],
		["a token without grants", { credential: await token({}) }],
		["a certificate", { tls: certificate }],
		["a certificate with one grant", { tls: limited }],
		["a word", { credential: "nonsense" }],
		["an expired key", { credential: expired.key }],
		["a revoked key", { credential: revoked.key }],
		[
			"a guessed key",
			{ credential: `${full.key.slice(0, 12)}${narrow.key.slice(12)}` },
		],
		["an expired token", { credential: await token({ exp: now - 1 }) }],
		["a token for others", { credential: await token({ aud: "others" }) }],
		[
			"a token of a stranger",
			{ credential: await stranger.token({ scope: "admin" }) },
		],
		["a certificate of a stranger", { tls: forged }],
		[
			"a key beside a certificate of a stranger",
			{ credential: full.key, tls: forged },
		],
		[
			"a word beside a certificate",
			{ credential: "nonsense", tls: certificate },
		],
	];
	for (const [name, pass] of entries) passes.set(name, pass);
	network = Network.prepare({
		store: { path: data.path },
		auth: { allowAnonymous: true, jwt: issuer.jwt },
		tls: { ...(await own.issue(GATEWAY)), clientCa: clients.cert },
	});
	network.ownFirst(data);
	await network.listen();
	await serve("worker", node.key, FUNCTIONS);
	await serve("closed", node.key, { hidden: {} });
});
afterAll(() => network.close());

async function serve(
	id: string,
	key: string,
	functions: Readonly<Record<string, object>>,
): Promise<void> {
	const options = { gateway: network.url, id, key, ...EAGER, tls: { ca } };
	const node = network.own(createNode(options));
	for (const [name, settings] of Object.entries(functions))
		node.register(name, () => name, settings);
	await node.serve();
}

function pass(name: string): Pass {
	const found = passes.get(name);
	if (!found) throw new Error(`there is no pass “${name}”`);
	return found;
}

async function rest(path: string, { credential, tls }: Pass, post = false) {
	const headers =
		credential === undefined ? {} : { authorization: `Bearer ${credential}` };
	return httpsJson(`${network.url}${path}`, {
		...{ ca, ...tls, headers },
		...(post ? { method: "POST", body: { args: [] } } : {}),
	});
}

async function restAnswers(by: Pass): Promise<Record<string, unknown>> {
	const answers: Record<string, unknown> = {};
	for (const name of Object.keys(FUNCTIONS)) {
		const { status, json } = await rest(`/api/worker.${name}`, by, true);
		const { code } = json as { code?: string };
		answers[name] = status === 200 ? "ok" : code;
	}
	return answers;
}

async function client({ credential, tls }: Pass) {
	const raw = await RawClient.connect(network.url, { ca, ...tls });
	network.own({
		close: () => {
			raw.close();
			return Promise.resolve();
		},
	});
	return { raw, answer: await raw.hello(credential) };
}

async function routeAnswers(raw: RawClient): Promise<Record<string, unknown>> {
	const answers: Record<string, unknown> = {};
	for (const name of Object.keys(FUNCTIONS)) {
		const query = { node: "worker", function: name };
		const { payload } = await raw.ask("route", { query });
		const { error } = payload as { error?: { code: string } };
		answers[name] = error?.code ?? "ok";
	}
	return answers;
}

async function openAnswer(
	raw: RawClient,
	nodeId: string,
	session: number,
): Promise<unknown> {
	const sessionId = `${nodeId}-${session}-${Math.random().toString(36).slice(2)}`;
	const { type, payload } = await raw.ask("session_open", {
		...{ session, sessionId, nodeId, direct: false },
	});
	const { error } = payload as { error?: { code: string } };
	return type === "session_opened" ? "ok" : error?.code;
}

describe.each([
	["nothing", STRANGER, "NOT_FOUND"],
	["a key", EVERYTHING, "ok"],
	["a key with one grant", SHOWN, "NOT_FOUND"],
	["a key of a node", NOTHING, "NOT_FOUND"],
	["a token", EVERYTHING, "ok"],
	["a token with one grant", SHOWN, "NOT_FOUND"],
	["a token without grants", NOTHING, "NOT_FOUND"],
	["a certificate", EVERYTHING, "ok"],
	["a certificate with one grant", SHOWN, "NOT_FOUND"],
])("with %s", (name, answers, closed) => {
	it("REST and routes give the same answers", async () => {
		expect(await restAnswers(pass(name))).toEqual(answers);
		const { raw, answer } = await client(pass(name));
		expect(answer.type).toBe("welcome");
		expect(await routeAnswers(raw)).toEqual(answers);
	});

	it("sessions open where anything may be called", async () => {
		const { raw } = await client(pass(name));
		expect(await openAnswer(raw, "worker", 1)).toBe("ok");
		expect(await openAnswer(raw, "closed", 3)).toBe(closed);
		expect(await openAnswer(raw, "nowhere", 5)).toBe("NOT_FOUND");
	});

	it("both listings show the same, and nothing that is hidden", async () => {
		const seen = answers.hidden === "ok";
		const visible = seen
			? ["hidden", "known", "open", "shown"]
			: ["open", "shown"];
		const nodes = seen ? ["closed", "worker"] : ["worker"];
		const { json } = await rest("/api", pass(name));
		const { functions } = json as { functions: { name: string }[] };
		expect(functions.map((each) => each.name).sort()).toEqual(visible);
		const { raw } = await client(pass(name));
		const { payload } = await raw.ask("list", { what: "nodes" });
		const { items } = payload as {
			items: { nodeId: string; functions: { name: string }[] }[];
		};
		expect(items.map(({ nodeId }) => nodeId).sort()).toEqual(nodes);
		const worker = items.find(({ nodeId }) => nodeId === "worker");
		expect(worker?.functions.map((each) => each.name).sort()).toEqual(visible);
	});
});

describe.each([
	"a word",
	"an expired key",
	"a revoked key",
	"a guessed key",
	"an expired token",
	"a token for others",
	"a token of a stranger",
	"a certificate of a stranger",
	"a key beside a certificate of a stranger",
	"a word beside a certificate",
])("%s", (name) => {
	it("opens no door, not even to what is open to everybody", async () => {
		// One attempt at each door: twenty bad credentials are what one address may try at once.
		const { status, json } = await rest("/api/worker.open", pass(name), true);
		const { code, detail } = json as { code: string; detail: string };
		expect([status, code]).toEqual([401, "UNAUTHENTICATED"]);
		expect(detail).not.toContain(pass(name).credential ?? "CN=");
		const { raw, answer } = await client(pass(name));
		expect(answer).toMatchObject({
			type: "error",
			payload: { code: "UNAUTHENTICATED" },
		});
		expect(await raw.closed).toBe(4401);
	});
});
