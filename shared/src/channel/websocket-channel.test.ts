import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ManualClock } from "../time/manual-clock.js";
import type { Channel } from "./channel.js";
import { openWebSocket } from "./open-websocket.js";
import { describeChannel } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";
import { webSocketChannel } from "./websocket-channel.js";
import type { WebSocketEventLike, WebSocketLike } from "./websocket-like.js";
import { withoutMessageEvents } from "./ws-messages.js";

const never = new AbortController().signal;

async function listen(
	maxPayload = 1024 * 1024,
): Promise<{ server: WebSocketServer; url: string }> {
	const server = new WebSocketServer({
		port: 0,
		host: "127.0.0.1",
		maxPayload,
	});
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	return { server, url: `ws://127.0.0.1:${port}` };
}

async function close(server: WebSocketServer): Promise<void> {
	for (const socket of server.clients) socket.terminate();
	await new Promise((resolve) => server.close(resolve));
}

async function socketPair() {
	const { server, url } = await listen();
	const accepted = deferred<{ channel: Channel; socket: WebSocket }>();
	server.once("connection", (socket) =>
		// One end of each kind.
		accepted.resolve({
			channel: webSocketChannel(withoutMessageEvents(socket)),
			socket,
		}),
	);
	let near: WebSocket | undefined;
	const a = await openWebSocket(
		(address) => {
			near = new WebSocket(address);
			return near;
		},
		url,
		never,
	);
	const { channel: b, socket } = await accepted.promise;
	if (!near) throw new Error("no socket");
	return { a, b, near, far: socket, dispose: () => close(server) };
}

describeChannel("WebSocket", socketPair);

describe("a WebSocket's end", () => {
	it.each([
		[1000, undefined],
		[4400, "INVALID_ARGUMENT"],
		[4401, "UNAUTHENTICATED"],
		[4403, "PERMISSION_DENIED"],
		[4408, "UNAVAILABLE"],
		[4409, "ALREADY_EXISTS"],
		[4429, "RESOURCE_EXHAUSTED"],
		[1009, "RESOURCE_EXHAUSTED"],
		[1012, "UNAVAILABLE"],
		[1011, "UNAVAILABLE"],
	])("with close code %i is %s", async (closeCode, code) => {
		const { a, far, dispose } = await socketPair();
		const probe = new ChannelProbe();
		a.start(probe);
		far.close(closeCode, "for a reason");
		await probe.ended;
		const [error] = probe.closes;
		expect(error?.code).toBe(code);
		if (error) {
			expect(error.details?.["closeCode"]).toBe(closeCode);
			expect(error.message).toContain("for a reason");
		}
		await dispose();
	});

	it("carries our errors across, with how long to stay away", async () => {
		const { a, b, dispose } = await socketPair();
		const probe = new ChannelProbe();
		a.start(probe);
		b.start(new ChannelProbe());
		b.close(
			new EasyRemoteError("UNAVAILABLE", `restarting ${"ü".repeat(200)}`, {
				retryAfterMs: 1500,
			}),
		);
		await probe.ended;
		expect(probe.closes[0]?.code).toBe("UNAVAILABLE");
		expect(probe.closes[0]?.retryable).toBe(true);
		expect(probe.closes[0]?.retryAfterMs).toBe(1500);
		await dispose();
	});

	it("comes as UNAVAILABLE when the connection is cut", async () => {
		const { a, far, dispose } = await socketPair();
		const probe = new ChannelProbe();
		a.start(probe);
		far.terminate();
		await probe.ended;
		expect(probe.closes[0]?.code).toBe("UNAVAILABLE");
		expect(probe.closes[0]?.details?.["closeCode"]).toBe(1006);
		await dispose();
	});

	it("comes at a text message, as INVALID_ARGUMENT on both sides", async () => {
		const { a, b, near, dispose } = await socketPair();
		const [atA, atB] = [new ChannelProbe(), new ChannelProbe()];
		a.start(atA);
		b.start(atB);
		near.send("hello");
		await Promise.all([atA.ended, atB.ended]);
		expect(atA.closes[0]?.code).toBe("INVALID_ARGUMENT");
		expect(atB.closes[0]?.code).toBe("INVALID_ARGUMENT");
		await dispose();
	});
});

describe("openWebSocket", () => {
	it("says where nobody answers", async () => {
		const { server, url } = await listen();
		await close(server);
		await expect(
			openWebSocket((address) => new WebSocket(address), url, never),
		).rejects.toMatchObject({
			code: "UNAVAILABLE",
			message: expect.stringContaining(url) as string,
		});
	});

	it("gives up when told to, with the reason", async () => {
		const silent = createTcpServer().listen(0, "127.0.0.1");
		await new Promise((resolve) => silent.once("listening", resolve));
		const { port } = silent.address() as AddressInfo;
		const abort = new AbortController();
		const opening = openWebSocket(
			(address) => new WebSocket(address),
			`ws://127.0.0.1:${port}`,
			abort.signal,
		);
		const reason = new Error("enough");
		abort.abort(reason);
		await expect(opening).rejects.toBe(reason);
		await new Promise((resolve) => silent.close(resolve));
	});
});

/** A browser's socket as far as it differs: no send callback, and it keeps close codes for itself. */
class BrowserSocket implements WebSocketLike {
	readonly readyState = 1;
	bufferedAmount = 0;
	binaryType = "blob";
	readonly closes: (number | undefined)[] = [];
	readonly #listeners = new Map<string, (event: WebSocketEventLike) => void>();

	send(data: Uint8Array): void {
		this.bufferedAmount += data.length;
	}

	close(code?: number): void {
		if (code !== 1000 && (code ?? 1000) < 3000) throw new Error("not allowed");
		this.closes.push(code);
		this.#listeners.get("close")?.({ type: "close", code: code ?? 1005 });
	}

	addEventListener(
		type: string,
		listener: (event: WebSocketEventLike) => void,
	): void {
		this.#listeners.set(type, listener);
	}
}

describe("a browser's WebSocket", () => {
	it("is looked at while it is full, and only then", async () => {
		const clock = new ManualClock();
		const socket = new BrowserSocket();
		const channel = webSocketChannel(socket, { clock });
		const probe = new ChannelProbe();
		channel.start(probe);
		let drained = false;
		void probe.nextDrained().then(() => {
			drained = true;
		});
		expect(socket.binaryType).toBe("arraybuffer");
		channel.send(new Uint8Array(512 * 1024));
		expect(clock.pending).toBe(0);
		channel.send(new Uint8Array(512 * 1024));
		expect(channel.writable).toBe(false);
		await clock.advance(100);
		expect(drained).toBe(false);
		socket.bufferedAmount = 1000;
		await clock.advance(10);
		expect(drained).toBe(true);
		expect(clock.pending).toBe(0);
	});

	it("is closed with 4500 where it refuses the code", () => {
		const socket = new BrowserSocket();
		const channel = webSocketChannel(socket, { clock: new ManualClock() });
		channel.close(new EasyRemoteError("UNAVAILABLE", "heartbeats stopped"));
		expect(socket.closes).toEqual([4500]);
	});
});
