import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { deferred } from "@easyremote/shared/async";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { ConnectionGate } from "./connection-gate.js";
import { type HttpServer, openHttpServer } from "./http-server.js";
import { scriptedApp } from "./testing/scripted-app.js";

/** What only a real connection can do: leave in the middle, dribble, and lie about lengths. */
let aborted = deferred();
let started = deferred();
let scripted: ReturnType<typeof scriptedApp>;
let server: HttpServer;
const sockets: Socket[] = [];

beforeEach(async () => {
	[aborted, started] = [deferred(), deferred()];
	scripted = scriptedApp({
		hang: (_args, { signal }) => {
			signal.addEventListener("abort", () => aborted.resolve());
			started.resolve();
			return new Promise(() => undefined);
		},
		drip: async function* (_args, { signal }) {
			signal.addEventListener("abort", () => aborted.resolve());
			yield "first";
			started.resolve();
			await aborted.promise;
		},
		size: ([data]) => (data as Uint8Array).length,
	});
	const respond = getRequestListener(scripted.app.fetch);
	server = await openHttpServer({
		host: "127.0.0.1",
		port: 0,
		limits: DEFAULT_LIMITS,
		gate: new ConnectionGate(DEFAULT_LIMITS),
		request: (incoming, outgoing) => void respond(incoming, outgoing),
		upgrade: (_request, socket) => socket.destroy(),
	});
});

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await server.close();
	scripted.close();
});

function dial(head: string): Socket {
	const socket = connect(server.address.port, "127.0.0.1").setEncoding("utf8");
	sockets.push(socket);
	socket.on("error", () => undefined);
	socket.write(`${head.replaceAll("\n", "\r\n")}\r\n\r\n`);
	return socket;
}

async function readUntil(socket: Socket, text: string): Promise<string> {
	let all = "";
	while (!all.includes(text)) {
		const [chunk] = (await once(socket, "data")) as [string];
		all += chunk;
	}
	return all;
}

describe("a caller who leaves", () => {
	it("ends the function that runs for him", async () => {
		const socket = dial(
			"POST /api/hang HTTP/1.1\nhost: localhost\ncontent-length: 0",
		);
		await started.promise;
		socket.destroy();
		await aborted.promise;
		await scripted.running.whenIdle();
	});

	it("in the middle of a stream ends it", async () => {
		const socket = dial(
			"POST /api/drip HTTP/1.1\nhost: localhost\ncontent-length: 0",
		);
		expect(await readUntil(socket, '"first"')).toContain("text/event-stream");
		await started.promise;
		socket.destroy();
		await aborted.promise;
		await scripted.running.whenIdle();
	});

	it("in the middle of his request leaves nothing behind", async () => {
		const socket = dial(
			"POST /api/size HTTP/1.1\nhost: localhost\ncontent-type: application/octet-stream\ncontent-length: 100",
		);
		socket.write("half");
		await expect.poll(() => scripted.running.count).toBe(1);
		socket.destroy();
		await scripted.running.whenIdle();
	});
});

describe("a body in chunks", () => {
	const head =
		"POST /api/size HTTP/1.1\nhost: localhost\ncontent-type: application/octet-stream\ntransfer-encoding: chunked";

	it("is taken as a whole", async () => {
		const socket = dial(head);
		socket.write("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
		expect(await readUntil(socket, "result")).toContain('{"result":5}');
	});

	it("is refused once it is too large, though it never ends", async () => {
		const socket = dial(head);
		const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
		const answered = readUntil(socket, "RESOURCE_EXHAUSTED");
		for (let sent = 0; sent < 20; sent += 1) socket.write(chunk);
		expect(await answered).toMatch(/^HTTP\/1.1 413 /);
	});

	it("that is malformed is refused", async () => {
		const socket = dial(head);
		socket.write("nonsense\r\n");
		expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
	});
});
