import type { AddressInfo, Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { deferred } from "../async/deferred.js";
import { openWebSocket } from "./open-websocket.js";
import { pattern } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";
import { encodeFrame, OPCODE } from "./testing/raw-frame.js";
import { wholeSender } from "./whole-frame.js";
import { wsSocket } from "./ws-socket.js";

/** Lengths on both sides of where a frame's head, or the way a message leaves, changes. */
const SIZES = [1, 125, 126, 127, 255, 256, 4096, 4097];

/** A client's channel of this making and what is beneath it, and the server's end as `ws` has it. */
async function connected(made: (socket: WebSocket) => void = () => undefined) {
	const upgraded = deferred<Near>();
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
				socket.once("upgrade", ({ socket: stream }) =>
					upgraded.resolve({ socket, stream }),
				);
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
	const near = await upgraded.promise;
	return { channel, near, ...(await accepted.promise), dispose };
}

interface Near {
	readonly socket: WebSocket;
	readonly stream: Socket;
}

/** A frame of a server. */
const frame = (opcode: number, payload: Uint8Array, fin = true) =>
	encodeFrame({ opcode, payload, fin, masked: false });

/** What a server may send for one message, which may also be none. */
interface Sent {
	readonly bytes: Uint8Array;
	readonly message?: Uint8Array;
}

const SENT: fc.Arbitrary<Sent> = fc.oneof(
	{ weight: 6, arbitrary: whole(fc.integer({ min: 0, max: 300 })) },
	{ weight: 2, arbitrary: whole(fc.constantFrom(...SIZES, 70_000)) },
	fc.integer({ min: 0, max: 125 }).map((size) => ({
		bytes: frame(OPCODE.ping, pattern(size, 2)),
	})),
	fc.integer({ min: 1, max: 300 }).map((size) => {
		const message = pattern(size, 3);
		const middle = size >>> 1;
		const first = frame(OPCODE.binary, message.subarray(0, middle), false);
		const rest = frame(OPCODE.continuation, message.subarray(middle));
		return { bytes: Buffer.concat([first, rest]), message };
	}),
);

function whole(sizes: fc.Arbitrary<number>): fc.Arbitrary<Sent> {
	return sizes.map((size) => {
		const message = pattern(size, size);
		return { bytes: frame(OPCODE.binary, message), message };
	});
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

describe("what arrives", () => {
	it("comes past the stream once the first message has shown where frames begin", async () => {
		const { channel, near, far, dispose } = await connected();
		const probe = new ChannelProbe();
		channel.start(probe);
		let pieces = 0;
		near.stream.on("data", () => {
			pieces += 1;
		});
		for (let sent = 1; sent <= 5; sent += 1) {
			far.send(pattern(100, sent));
			await probe.count(sent);
		}
		expect(pieces).toBe(1);
		await dispose();
	});

	it("is the same messages in the same order, wherever it is cut", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(SENT, { minLength: 1, maxLength: 20 }),
				fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 }),
				async (sent, cuts) => {
					const { channel, near, stream, dispose } = await connected();
					const probe = new ChannelProbe();
					channel.start(probe);
					const bytes = Buffer.concat(sent.map((one) => one.bytes));
					const before = near.stream.bytesRead;
					let at = 0;
					for (const size of [...cuts, bytes.length]) {
						const piece = bytes.subarray(at, at + size);
						at += piece.length;
						stream.write(piece);
						while (near.stream.bytesRead < before + at)
							await new Promise(setImmediate);
					}
					const messages = sent.flatMap(({ message }) => message ?? []);
					await probe.count(messages.length);
					expect(probe.messages.map((one) => Buffer.from(one))).toEqual(
						messages.map((one) => Buffer.from(one)),
					);
					await dispose();
				},
			),
			{ numRuns: 50 },
		);
	});

	it("waits while the socket is paused, and then comes in order", async () => {
		const { channel, near, far, dispose } = await connected();
		const probe = new ChannelProbe();
		channel.start(probe);
		far.send(pattern(10, 1));
		await probe.count(1);
		near.socket.pause();
		for (const size of [20, 70_000, 30])
			await new Promise((sent) => far.send(pattern(size, 1), sent));
		expect(probe.messages).toHaveLength(1);
		near.socket.resume();
		await probe.count(4);
		expect(probe.messages.map(({ length }) => length)).toEqual([
			10, 20, 70_000, 30,
		]);
		await dispose();
	});

	it("is not heard any more once the socket is on its way out", async () => {
		const heard: number[] = [];
		const { near, stream, dispose } = await connected((socket) => {
			socket.on("message", (data: Buffer) => {
				heard.push(data.length);
				if (data.length === 2) socket.terminate();
			});
		});
		const gone = new Promise((resolve) => near.socket.once("close", resolve));
		stream.write(frame(OPCODE.binary, pattern(1, 1)));
		while (heard.length === 0) await new Promise(setImmediate);
		const two = [2, 3].map((size) => frame(OPCODE.binary, pattern(size, size)));
		stream.write(Buffer.concat(two));
		await gone;
		expect(heard).toEqual([1, 2]);
		await dispose();
	});
});
