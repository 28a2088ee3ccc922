import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { deferred } from "@easyremote/shared/async";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { ConnectionGate } from "./connection-gate.js";
import { TrustedProxies } from "../auth/trusted-proxies.js";
import type { ArrivingSocket } from "../socket/socket-door.js";
import {
	type HttpServer,
	type HttpServerOptions,
	openHttpServer,
} from "./http-server.js";
import { createOriginPolicy } from "./origin-policy.js";
import { createUpgradeDoor } from "./upgrade-door.js";

const open: HttpServer[] = [];

afterEach(async () => {
	for (const server of open.splice(0)) await server.close();
});

async function serve(
	options: Partial<HttpServerOptions> = {},
): Promise<HttpServer> {
	const server = await openHttpServer({
		host: "127.0.0.1",
		port: 0,
		limits: DEFAULT_LIMITS,
		gate: new ConnectionGate(DEFAULT_LIMITS),
		request: (_request, response) => response.end("hello"),
		upgrade: (_request, socket) => socket.destroy(),
		...options,
	});
	open.push(server);
	return server;
}

/** Sends bytes as they are, and answers everything that comes back until the server hangs up. */
async function raw(port: number, text: string): Promise<string> {
	const socket = connect(port, "127.0.0.1");
	let answer = "";
	socket.setEncoding("utf8").on("data", (chunk: string) => {
		answer += chunk;
	});
	socket.on("error", () => undefined);
	socket.write(text);
	await once(socket, "close");
	return answer;
}

describe("the end of a server", () => {
	it("lets answers leave that are on their way, and cuts what hangs", async () => {
		const asked = { slow: deferred<ServerResponse>(), hanging: deferred() };
		const server = await serve({
			request: (request, response) => {
				if (request.url === "/slow") asked.slow.resolve(response);
				else asked.hanging.resolve();
			},
		});
		const url = `http://127.0.0.1:${server.address.port}`;
		const slow = fetch(`${url}/slow`);
		const hanging = fetch(`${url}/hanging`);
		const cut = expect(hanging).rejects.toThrow();
		const response = await asked.slow.promise;
		await asked.hanging.promise;
		const closed = server.close();
		response.end("late");
		expect(await (await slow).text()).toBe("late");
		await cut;
		await closed;
	});
});

describe("server", () => {
	it("picks a free port and gives it back", async () => {
		const first = await serve();
		expect(
			await (await fetch(`http://127.0.0.1:${first.address.port}/`)).text(),
		).toBe("hello");
		await first.close();
		await serve({ port: first.address.port });
	});

	it("says that a port is in use", async () => {
		const { address } = await serve();
		await expect(serve({ port: address.port })).rejects.toMatchObject({
			code: "UNAVAILABLE",
			message: expect.stringContaining(`127.0.0.1:${address.port}`) as string,
		});
	});

	it("answers what is not HTTP, and headers that are too large or too slow", async () => {
		const { address } = await serve({
			limits: { ...DEFAULT_LIMITS, headersTimeoutMs: 50 },
		});
		expect(await raw(address.port, "nonsense\r\n\r\n")).toMatch(
			/^HTTP\/1.1 400 /,
		);
		expect(
			await raw(
				address.port,
				`GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(20_000)}\r\n\r\n`,
			),
		).toMatch(/^HTTP\/1.1 431 /);
		expect(await raw(address.port, "GET / HTTP/1.1\r\nhost:")).toMatch(
			/^HTTP\/1.1 408 /,
		);
	});
});

describe("upgrade", () => {
	let accepted: ArrivingSocket[] = [];
	const sockets: WebSocket[] = [];

	afterEach(() => {
		for (const { socket } of accepted) socket.terminate();
		for (const socket of sockets.splice(0)) socket.terminate();
		accepted = [];
	});

	async function door(ready = true): Promise<string> {
		const { address } = await serve({
			upgrade: createUpgradeDoor({
				limits: { maxMessageBytes: 1_048_576, maxFragments: 8 },
				policies: {
					client: createOriginPolicy([], () => false),
					node: createOriginPolicy(["https://blog.example.com"], () => false),
				},
				proxies: new TrustedProxies([]),
				ready: () => ready,
				accept: (upgraded) => {
					accepted.push(upgraded);
				},
			}),
		});
		return `ws://127.0.0.1:${address.port}`;
	}

	function dial(url: string, headers: Record<string, string> = {}): WebSocket {
		const socket = new WebSocket(url, { headers });
		sockets.push(socket);
		return socket;
	}

	/** The status and code with which the door turns somebody away. */
	async function refusal(
		socket: WebSocket,
	): Promise<readonly [number | undefined, string]> {
		socket.on("error", () => undefined);
		const [, response] = (await once(socket, "unexpected-response")) as [
			unknown,
			import("node:http").IncomingMessage,
		];
		let body = "";
		for await (const chunk of response) body += String(chunk);
		return [response.statusCode, (JSON.parse(body) as EasyRemoteError).code];
	}

	it("opens the doors of clients and nodes", async () => {
		const url = await door();
		await once(dial(`${url}/clients`), "open");
		await once(
			dial(`${url}/nodes/gpu-1`, { authorization: "Bearer er_x" }),
			"open",
		);
		expect(accepted.map(({ path }) => path)).toEqual([
			{ role: "client" },
			{ role: "node", nodeId: "gpu-1" },
		]);
		expect(accepted.map(({ credential }) => credential)).toEqual([
			undefined,
			"er_x",
		]);
		expect(accepted[0]?.context).toMatchObject({
			address: "127.0.0.1",
			forwarded: false,
		});
	});

	it.each([
		["/", 404, "NOT_FOUND"],
		["/client", 404, "NOT_FOUND"],
		["/nodes/", 400, "INVALID_ARGUMENT"],
		["/nodes/a/b", 404, "NOT_FOUND"],
		["/nodes/..%2f", 400, "INVALID_ARGUMENT"],
		["/nodes/%00", 400, "INVALID_ARGUMENT"],
		[`/nodes/${"x".repeat(65)}`, 400, "INVALID_ARGUMENT"],
	])("turns away at %s", async (path, status, code) => {
		expect(await refusal(dial((await door()) + path))).toEqual([status, code]);
		expect(accepted).toEqual([]);
	});

	it("lets pages that embed donors in as nodes, and as nothing else", async () => {
		const url = await door();
		const origin = "https://blog.example.com";
		await once(dial(`${url}/nodes/tab-1`, { origin }), "open");
		expect(await refusal(dial(`${url}/clients`, { origin }))).toEqual([
			403,
			"PERMISSION_DENIED",
		]);
	});

	it("turns away pages of other origins and malformed credentials", async () => {
		const url = `${await door()}/clients`;
		expect(
			await refusal(dial(url, { origin: "https://evil.example" })),
		).toEqual([403, "PERMISSION_DENIED"]);
		expect(await refusal(dial(url, { authorization: "Basic eDp5" }))).toEqual([
			401,
			"UNAUTHENTICATED",
		]);
		const own = dial(url, {
			origin: url.replace("ws:", "http:").replace("/clients", ""),
		});
		await once(own, "open");
	});

	it("sends everybody elsewhere while it closes", async () => {
		expect(await refusal(dial(`${await door(false)}/clients`))).toEqual([
			503,
			"UNAVAILABLE",
		]);
	});

	it("closes who sends more than it takes, and nobody else", async () => {
		const url = await door();
		const greedy = dial(`${url}/clients`);
		await once(greedy, "open");
		const other = dial(`${url}/clients`);
		await once(other, "open");
		const closed = once(greedy, "close");
		greedy.send(new Uint8Array(1_048_577));
		expect((await closed)[0]).toBe(1009);
		expect(other.readyState).toBe(WebSocket.OPEN);
	});

	it("closes who sends a message in more pieces than it takes, and nobody else", async () => {
		const url = await door();
		const heard: number[] = [];
		const fine = dial(`${url}/clients`);
		await once(fine, "open");
		accepted[0]?.socket.on("message", (data: Buffer) =>
			heard.push(data.length),
		);
		const shredder = dial(`${url}/clients`);
		await once(shredder, "open");
		const closed = once(shredder, "close");
		for (let piece = 0; piece < 9; piece += 1)
			shredder.send(new Uint8Array(1), { fin: false });
		expect((await closed)[0]).toBe(1008);
		for (let piece = 0; piece < 8; piece += 1)
			fine.send(new Uint8Array(1), { fin: piece === 7 });
		await expect.poll(() => heard).toEqual([8]);
	});
});
