import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway, createKey } from "../support/besieged-gateway.js";
import { runJson } from "../support/commands.js";
import { exchange } from "../support/raw-http.js";
import {
	clientHello,
	RawWebSocket,
	upgradeRequest,
} from "../support/raw-websocket.js";

/** Credentials of every bad kind, at each door. */
let gateway: BesiegedGateway;
let revoked: string;
let expired: string;
beforeAll(async () => {
	gateway = await BesiegedGateway.start();
	const { data } = gateway;
	[revoked, expired] = await Promise.all([
		createKey(data, "--role", "admin"),
		createKey(data, "--role", "admin", "--expires", "1ms"),
	]);
	await runJson("gateway", ["key", "revoke", revoked, "--data", data]);
	// It looks for revoked keys every few seconds.
	const headers = { authorization: `Bearer ${revoked}` };
	while ((await gateway.ask("GET", "/api/report", { headers })).status === 200)
		await new Promise((resolve) => setImmediate(resolve));
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

const base64 = (value: unknown) =>
	Buffer.from(
		typeof value === "string" ? value : JSON.stringify(value),
	).toString("base64url");
const claims = { sub: "admin", iss: "x", aud: "x", exp: 4_102_444_800 };
const jwt = (header: object, signature = "x") =>
	`${base64(header)}.${base64(claims)}.${base64(signature)}`;
/** The key with one character of its secret changed. */
const almost = () =>
	gateway.key.slice(0, -2) +
	(gateway.key.at(-2) === "A" ? "B" : "A") +
	(gateway.key.at(-1) ?? "");

/** Bad ones, none of them twice. An address that offers many is told to slow down (429). */
const TOKENS: [string, () => string][] = [
	["that is nothing", () => ""],
	["that is nonsense", () => "nonsense"],
	["that is “null”", () => "null"],
	["whose secret is almost right", almost],
	["whose secret is missing", () => gateway.key.slice(0, 12)],
	["whose secret is twice as long", () => gateway.key + gateway.key.slice(12)],
	["in capitals", () => gateway.key.toUpperCase()],
	["with an unknown id", () => `er_zzzzzzzz_${gateway.key.slice(12)}`],
	["that was revoked", () => revoked],
	["that has expired", () => expired],
	["without algorithm", () => jwt({ alg: "none" }, "")],
	["signed with a text", () => jwt({ alg: "HS256", typ: "JWT" })],
	["with a key of its own", () => jwt({ alg: "EdDSA", jwk: { kty: "OKP" } })],
	["that names a file as key", () => jwt({ alg: "ES256", kid: "../../x" })],
	["of three dots", () => "..."],
	["of eight kilobytes", () => "a".repeat(8_000)],
];
const REFUSED = [401, 429];

describe("a token", () => {
	it.each(TOKENS)("%s is refused by REST", async (_what, token) => {
		const { status, text } = await gateway.ask("GET", "/api/report", {
			headers: { authorization: `Bearer ${token()}` },
		});
		expect(REFUSED).toContain(status);
		if (token().length > 20) expect(text).not.toContain(token());
	});

	it.each(TOKENS.filter(([, token]) => token.name !== "nothing"))(
		"%s is refused in hello",
		async (_what, token) => {
			const socket = await RawWebSocket.open(gateway.url);
			socket.control("hello", clientHello(token()));
			expect([4401, 4429]).toContain(await socket.closed);
			socket.close();
		},
	);

	it.each([
		["in a node's hello, from who is no node", "/nodes/intruder", [4403]],
		["for another identity's node", "/nodes/worker", [4403, 4409]],
	])("%s is refused", async (_what, door, codes) => {
		const socket = await RawWebSocket.open(gateway.url, door);
		socket.control("hello", {
			...clientHello(gateway.otherKey),
			role: "node",
			node: {
				kind: "compute",
				tags: [],
				direct: false,
				load: { running: 0, queued: 0, maxConcurrent: 1 },
			},
		});
		expect(codes).toContain(await socket.closed);
		socket.close();
	});

	it("in hello goes before a good one in the opening request", async () => {
		const socket = await RawWebSocket.open(gateway.url, "/clients", {
			authorization: `Bearer ${gateway.key}`,
		});
		socket.control("hello", clientHello("nonsense"));
		expect([4401, 4429]).toContain(await socket.closed);
		socket.close();
	});
});

describe("an Authorization header", () => {
	it.each([
		...["Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer a b", "Digest x=y"],
		...["Token KEY", "KEY", "Bearer KEY, Bearer KEY", "Bearer: KEY"],
		...["Bearer\u00a0KEY", "Bearer KEY;admin", "Bearer \u{feff}KEY"],
	])("%j is refused, by REST and by sockets", async (value) => {
		const written = Buffer.from(value.replaceAll("KEY", gateway.key), "utf8");
		const header = written.toString("latin1");
		const request = `GET /api/report HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${header}\r\n\r\n`;
		const upgrade = upgradeRequest(gateway.url, "/clients", {
			authorization: header,
		});
		for (const text of [request, upgrade]) {
			const [answer] = await exchange(gateway.url, Buffer.from(text, "latin1"));
			expect(REFUSED).toContain(answer?.status);
			expect(answer?.body).not.toContain(gateway.key);
		}
	});

	it("twice is refused, or its first counts, but never a mixture", async () => {
		const answers = await exchange(
			gateway.url,
			`GET /api/report HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer nonsense\r\nauthorization: Bearer ${gateway.key}\r\n\r\n`,
		);
		expect(REFUSED).toContain(answers[0]?.status);
	});

	it.each([
		"/api/report?key=KEY",
		"/api/report?access_token=KEY",
		"/api/report?authorization=Bearer%20KEY",
	])("is not looked for in %s", async (path) => {
		const answers = await exchange(
			gateway.url,
			`GET ${path.replace("KEY", gateway.key)} HTTP/1.1\r\nhost: x\r\ncookie: key=${gateway.key}\r\nx-api-key: ${gateway.key}\r\nconnection: close\r\n\r\n`,
		);
		expect(answers[0]?.status).toBe(401);
	});
});

describe("a page of another origin", () => {
	it.each([
		...["https://evil.example", "null", "file://", "nonsense", ""],
		...["http://127.0.0.1.evil.example", "http://evil.example:80@127.0.0.1"],
		...["HOST, http://evil.example", "http://127.0.0.1:1"],
	])("%j opens no WebSocket", async (origin) => {
		const text = upgradeRequest(gateway.url, "/clients", {
			origin: origin.replace("HOST", gateway.url),
			authorization: `Bearer ${gateway.key}`,
		});
		const [answer] = await exchange(gateway.url, text);
		expect(answer?.status).toBe(403);
	});

	it("reads no answers", async () => {
		const [answer] = await exchange(
			gateway.url,
			`GET /api HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\nauthorization: Bearer ${gateway.key}\r\nconnection: close\r\n\r\n`,
		);
		expect(answer?.headers.has("access-control-allow-origin")).toBe(false);
	});
});

it("guessing of keys is slowed down, for that address alone", async () => {
	const { hostname, port } = new URL(gateway.url);
	// Linux alone answers on all of 127.0.0.0/8; elsewhere the guesser shares the address of those who know a key.
	const localAddress = process.platform === "linux" ? "127.0.0.9" : hostname;
	const statuses = new Set<string>();
	for (let count = 0; count < 40; count += 1)
		statuses.add(
			await new Promise<string>((resolve, reject) => {
				const socket = connect({
					host: hostname,
					port: Number(port),
					localAddress,
				});
				socket.setEncoding("latin1").once("data", (text: string) => {
					resolve(text.slice(9, 12));
					socket.destroy();
				});
				socket.once("error", reject);
				socket.write(
					`GET /api HTTP/1.1\r\nhost: x\r\nauthorization: Bearer guess${count}\r\n\r\n`,
				);
			}),
		);
	expect([...statuses]).toEqual(["401", "429"]);
});
