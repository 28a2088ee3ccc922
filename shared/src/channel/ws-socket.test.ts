import type { AddressInfo, Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { deferred } from "../async/deferred.js";
import { openWebSocket } from "./open-websocket.js";
import { pattern } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";
import { wholeSender } from "./whole-frame.js";
import { wsSocket } from "./ws-socket.js";

/** Lengths on both sides of where a frame's head, or the way a message leaves, changes. */
const SIZES = [1, 125, 126, 127, 255, 256, 4096, 4097];

/** A client's channel of this making, and the server's end as `ws` has it. */
async function connected(made: (socket: WebSocket) => void = () => undefined) {
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	const accepted = deferred<{ far: WebSocket; stream: Socket }>();
	server.once("connection", (far, request) => {
		accepted.resolve({ far, stream: request.socket });
	});
	const channel = await openWebSocket(
		(url) =>
			wsSocket((options) => {
				const socket = new WebSocket(url, options);
				made(socket);
				return socket;
			}, url),
		`ws://127.0.0.1:${port}`,
		new AbortController().signal,
	);
	const dispose = async () => {
		channel.close();
		await new Promise((resolve) => server.close(resolve));
	};
	return { channel, ...(await accepted.promise), dispose };
}

describe("a small message in one piece", () => {
	it.each(SIZES)("arrives from a client as it was: %i bytes", async (size) => {
		const { channel, far, dispose } = await connected();
		const arrived = new Promise((resolve) =>
			far.once("message", (data, isBinary) => resolve([data, isBinary])),
		);
		channel.send(pattern(size, 1));
		expect(await arrived).toEqual([Buffer.from(pattern(size, 1)), true]);
		await dispose();
	});

	it.each(SIZES)("arrives from a gateway as it was: %i bytes", async (size) => {
		const { channel, far, stream, dispose } = await connected();
		const probe = new ChannelProbe();
		channel.start(probe);
		wholeSender(far, stream, false)(pattern(size, 1));
		await probe.count(1);
		expect(probe.messages).toEqual([pattern(size, 1)]);
		await dispose();
	});

	it("keeps its place among those that ws sends", async () => {
		const { channel, far, dispose } = await connected();
		const sizes: number[] = [];
		const all = new Promise<void>((resolve) =>
			far.on("message", (data: Buffer) => {
				if (sizes.push(data.length) === 4) resolve();
			}),
		);
		const sent = [10, 4097, 20, 70_000];
		for (const size of sent) channel.send(pattern(size, 1));
		await all;
		expect(sizes).toEqual(sent);
		await dispose();
	});

	it("is one write, not two", async () => {
		const pieces: number[] = [];
		const { channel, far, dispose } = await connected((socket) => {
			socket.once("upgrade", ({ socket: stream }) => {
				const write = stream.write.bind(stream);
				stream.write = (piece: Uint8Array, ...rest: never[]) => {
					pieces.push(piece.length);
					return write(piece, ...rest);
				};
			});
		});
		const arrived = new Promise((resolve) => far.once("message", resolve));
		channel.send(pattern(100, 1));
		await arrived;
		expect(pieces).toEqual([2 + 4 + 100]);
		await dispose();
	});
});
