import { once } from "node:events";
import { request, type RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { ConnectionGate, type ConnectionLimits } from "./connection-gate.js";
import { type HttpServer, openHttpServer } from "./http-server.js";

let server: HttpServer;
let gate: ConnectionGate;
const sockets: Socket[] = [];

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await server.close();
});

async function open(
	limits: Partial<
		ConnectionLimits & { keepAliveTimeoutMs: number; headersTimeoutMs: number }
	>,
	answer: RequestListener = (_request, response) => {
		response.end("hello");
	},
	proxy?: string,
): Promise<void> {
	const all = { ...DEFAULT_LIMITS, ...limits };
	gate = new ConnectionGate(all, (address) => address === proxy);
	server = await openHttpServer({
		host: "127.0.0.1",
		port: 0,
		limits: all,
		gate,
		request: answer,
		upgrade: (_request, socket) => {
			socket.resume().once("end", () => socket.destroy());
			socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
		},
	});
}

function dial(localAddress = "127.0.0.1"): Socket {
	const { port } = server.address;
	const socket = connect({ port, host: "127.0.0.1", localAddress });
	sockets.push(socket);
	socket.on("error", () => undefined);
	return socket;
}

/** Asks over a connection of its own; answers the text. */
async function ask(): Promise<string> {
	const { address, port } = server.address;
	return new Promise((resolve, reject) => {
		const sent = request({ host: address, port, agent: false }, (response) => {
			response.setEncoding("utf8").once("data", resolve);
		});
		sent.once("error", reject).end();
	});
}

const GET = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

describe("too many connections", () => {
	it("in all: one more is cut, and there is room again when one has gone", async () => {
		await open({ maxHttpConnections: 2 });
		const first = dial();
		dial();
		await expect.poll(() => gate.size).toBe(2);
		await once(dial(), "close");
		expect(gate.refused).toBe(1);
		first.destroy();
		await expect.poll(() => gate.size).toBe(1);
		expect(await ask()).toBe("hello");
	});

	it("from one address leave the others their room", async () => {
		await open({ maxHttpConnectionsPerAddress: 1 });
		dial("127.0.0.2");
		await expect.poll(() => gate.size).toBe(1);
		await once(dial("127.0.0.2"), "close");
		expect(await ask()).toBe("hello");
	});

	it("are not many from a proxy, which brings many people", async () => {
		await open({ maxHttpConnectionsPerAddress: 1 }, undefined, "127.0.0.2");
		dial("127.0.0.2");
		dial("127.0.0.2");
		await expect.poll(() => gate.size).toBe(2);
		expect(gate.refused).toBe(0);
	});

	it("are not those that have become WebSockets", async () => {
		await open({ maxHttpConnections: 1 });
		const upgraded = dial();
		upgraded.write(
			"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
		);
		await once(upgraded, "data");
		expect(gate.size).toBe(0);
		expect(await ask()).toBe("hello");
	});
});

describe("slow connections", () => {
	it("that take nothing of their answer are cut", async () => {
		let closed = false;
		await open({ stalledTimeoutMs: 100 }, (request, response) => {
			if (request.url !== "/large") return response.end("hello");
			response.once("close", () => {
				closed = true;
			});
			return response.end(Buffer.alloc(64 * 1024 * 1024));
		});
		const slow = dial();
		slow.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n");
		await once(slow, "readable");
		slow.pause();
		await expect.poll(() => closed).toBe(true);
		expect(await ask()).toBe("hello");
	});

	it("whose answer is long in coming stay", async () => {
		await open({ stalledTimeoutMs: 50 }, (_request, response) => {
			setTimeout(() => response.end("at last"), 200);
		});
		expect(await ask()).toBe("at last");
	});

	it("that send their headers slowly are the header timeout's to end, with an answer", async () => {
		await open({ stalledTimeoutMs: 50, headersTimeoutMs: 300 });
		const slow = dial();
		slow.write("GET / HTTP/1.1\r\nhost:");
		const [answer] = (await once(slow, "data")) as [Buffer];
		expect(answer.toString()).toMatch(/^HTTP\/1.1 408 /);
		expect(await ask()).toBe("hello");
	});

	it("that stay half open when they were refused are closed", async () => {
		await open({ stalledTimeoutMs: 50 });
		const { port } = server.address;
		const halfOpen = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
		sockets.push(halfOpen);
		halfOpen.on("error", () => undefined);
		halfOpen.write("nonsense\r\n\r\n");
		halfOpen.resume();
		await once(halfOpen, "end");
		await expect.poll(() => gate.size).toBe(0);
		expect(await ask()).toBe("hello");
	});

	it("that keep quiet between two requests are closed", async () => {
		await open({ keepAliveTimeoutMs: 50 });
		const idle = dial();
		idle.write(GET);
		idle.resume();
		await once(idle, "close");
		expect(await ask()).toBe("hello");
	});
});
