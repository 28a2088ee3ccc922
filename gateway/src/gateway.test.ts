import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packEnvelope } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	decodeControl,
	forEachPacket,
	joinPackets,
	PROTOCOL_VERSION,
} from "@easyremote/shared/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createKey } from "./auth/create-key.js";
import { DEFAULT_LIMITS } from "./config/gateway-limits.js";
import { createGateway } from "./create-gateway.js";
import type { GatewayOptions } from "./config/gateway-options.js";
import type { Gateway } from "./gateway.js";
import { TEST_CERTIFICATE, TEST_KEY } from "./http/testing/test-certificate.js";
import { openSqliteStore } from "./store/sqlite-store.js";

const gateways: Gateway[] = [];
const sockets: WebSocket[] = [];
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-gateway-"));
});

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.terminate();
	for (const gateway of gateways.splice(0)) await gateway.close();
	rmSync(folder, { recursive: true });
});

async function start(options: GatewayOptions = {}): Promise<Gateway> {
	const gateway = createGateway({ port: 0, ...options });
	gateways.push(gateway);
	await gateway.listen();
	return gateway;
}

/** Dials the clients' door and says hello. Answers the first message that comes back. */
async function greet(gateway: Gateway, credential?: string) {
	const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/clients`);
	sockets.push(socket);
	await once(socket, "open");
	const hello = {
		version: PROTOCOL_VERSION,
		role: "client",
		agent: "test",
		instance: "i",
		credential,
	};
	const body = packEnvelope({
		type: "hello",
		messageId: 1,
		timestamp: 1,
		payload: hello,
	});
	socket.send(joinPackets([{ session: 0, body }]));
	const [message] = (await once(socket, "message")) as [Buffer];
	const answers: ReturnType<typeof decodeControl>[] = [];
	forEachPacket(message, (_session, from, to) =>
		answers.push(decodeControl(message.subarray(from, to))),
	);
	const [answer] = answers;
	return { socket, answer };
}

describe("a gateway", () => {
	it("listens where it says, and not before", async () => {
		const gateway = createGateway({ port: 0 });
		gateways.push(gateway);
		const states: unknown[] = [];
		gateway.addEventListener("state", (event) =>
			states.push((event as CustomEvent).detail),
		);
		expect(() => gateway.url).toThrow(EasyRemoteError);
		expect((await gateway.app.request("/api")).status).toBe(503);
		await gateway.listen();
		expect(gateway.url).toBe(`http://127.0.0.1:${gateway.port}`);
		expect(gateway.address.port).toBe(gateway.port);
		expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
		await expect(gateway.listen()).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
		});
		await gateway[Symbol.asyncDispose]();
		await gateway.close();
		expect(states).toEqual(["listening", "draining", "closed"]);
		await expect(fetch(`${gateway.url}/readyz`)).rejects.toThrow();
	});

	it("names an option that does not exist", () => {
		expect(() => createGateway({ prot: 1 } as GatewayOptions)).toThrow(
			/"prot"/,
		);
	});

	it("gives everything back when it cannot listen", async () => {
		const { port } = await start();
		const second = createGateway({ port, store: { path: folder } });
		await expect(second.listen()).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		expect(second.state).toBe("closed");
		await second.close();
	});

	it("answers malformed requests in kind", async () => {
		const { url } = await start();
		const response = await fetch(`${url}/api/nobody`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"args":',
		});
		expect(response.status).toBe(404);
		expect(await response.json()).toMatchObject({ code: "NOT_FOUND" });
	});

	it("tells peers where they find its STUN responder", async () => {
		const { answer } = await greet(await start());
		expect(answer?.payload).toMatchObject({
			iceServers: [
				{ urls: expect.stringMatching(/^stun:127\.0\.0\.1:\d+$/) as string },
			],
		});
		const without = await greet(await start({ ice: { stun: false } }));
		expect(without.answer?.payload).toMatchObject({ iceServers: [] });
	});

	it("says goodbye to its peers", async () => {
		const gateway = await start();
		const { socket } = await greet(gateway);
		const closed = once(socket, "close");
		await gateway.close();
		expect((await closed)[0]).toBe(1012);
	});

	it("reports what it does to admins", async () => {
		const gateway = await start();
		await greet(gateway);
		const report: unknown = await (
			await fetch(`${gateway.url}/api/report`)
		).json();
		expect(report).toMatchObject({
			ready: true,
			sockets: { clients: 1 },
			http: { running: 0, bodyBytes: 0 },
			routes: 0,
			limits: { ...DEFAULT_LIMITS, callsPerMinute: null },
		});
	});
});

describe("TLS", () => {
	it("makes it https and wss", async () => {
		const gateway = await start({
			tls: { cert: TEST_CERTIFICATE, key: TEST_KEY },
		});
		expect(gateway.url).toMatch(/^https:/);
		const request = get(`${gateway.url}/healthz`, { ca: TEST_CERTIFICATE });
		const [response] = (await once(request, "response")) as [IncomingMessage];
		expect(response.statusCode).toBe(200);
		response.resume();
		const socket = new WebSocket(
			`${gateway.url.replace("http", "ws")}/clients`,
			{ ca: TEST_CERTIFICATE },
		);
		sockets.push(socket);
		await once(socket, "open");
	});
});

describe("development mode", () => {
	it("is on by default, for this machine under its own names", async () => {
		const gateway = await start();
		expect(gateway.developmentMode).toBe(true);
		expect((await fetch(`${gateway.url}/api`)).status).toBe(200);
		expect(
			(await gateway.app.request("/api", { headers: { host: "evil.example" } }))
				.status,
		).toBe(401);
		expect(
			(
				await gateway.app.request("/api", {
					headers: { "x-forwarded-for": "203.0.113.5" },
				})
			).status,
		).toBe(401);
		const { answer } = await greet(gateway);
		expect(answer?.payload).toMatchObject({ principal: { anonymous: false } });
	});

	it("ends when another process makes a key", async () => {
		const gateway = await start({ store: { path: folder } });
		const { socket } = await greet(gateway);
		const closed = once(socket, "close");
		const store = openSqliteStore(folder);
		const { key } = await createKey(store, { role: "client" }, Date.now());
		await store.close();
		expect((await closed)[0]).toBe(4401);
		expect((await fetch(`${gateway.url}/api`)).status).toBe(401);
		expect(
			(
				await fetch(`${gateway.url}/api`, {
					headers: { authorization: `Bearer ${key}` },
				})
			).status,
		).toBe(200);
	});
});

describe("a gateway with keys", () => {
	it("closes the sockets of a key revoked by another process", async () => {
		const store = openSqliteStore(folder);
		const { key, record } = await createKey(
			store,
			{ role: "client" },
			Date.now(),
		);
		const gateway = await start({ store: { path: folder } });
		const { socket, answer } = await greet(gateway, key);
		expect(answer?.type).toBe("welcome");
		const closed = once(socket, "close");
		await store.keys.revoke(record.id, Date.now());
		await store.close();
		expect((await closed)[0]).toBe(4401);
	});

	it("makes the first one itself on a public address", async () => {
		const gateway = await start({ host: "0.0.0.0", store: { path: folder } });
		expect(gateway.developmentMode).toBe(false);
		const key = gateway.initialKey ?? "";
		expect(key).toMatch(/^er_/);
		const url = `http://127.0.0.1:${gateway.port}`;
		expect((await fetch(`${url}/api`)).status).toBe(401);
		expect(
			(
				await fetch(`${url}/api/report`, {
					headers: { authorization: `Bearer ${key}` },
				})
			).status,
		).toBe(200);
		await gateway.close();
		const again = await start({ host: "0.0.0.0", store: { path: folder } });
		expect(again.initialKey).toBeUndefined();
	});
});
