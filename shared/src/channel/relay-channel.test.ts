import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { AsyncQueue } from "../async/async-queue.js";
import type { Channel } from "./channel.js";
import { memoryChannelPair } from "./memory-channel.js";
import { openWebSocket } from "./open-websocket.js";
import { describeChannel } from "./testing/channel-conformance.js";
import { relayPair } from "./testing/relay-pair.js";
import { webSocketChannel } from "./websocket-channel.js";

const socketLimit = { maxMessageBytes: 1024 * 1024 };

describeChannel("relay over memory", async () => {
	const [a, gatewayA] = memoryChannelPair(socketLimit);
	const [b, gatewayB] = memoryChannelPair(socketLimit);
	return relayPair({ a, b }, { a: gatewayA, b: gatewayB }, () =>
		Promise.resolve(),
	);
});

describeChannel("relay over WebSockets", async () => {
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	const accepted = new AsyncQueue<Channel>();
	server.on("connection", (socket) => accepted.push(webSocketChannel(socket)));
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	const dial = async () => {
		const near = await openWebSocket(
			(url) => new WebSocket(url),
			`ws://127.0.0.1:${port}`,
			new AbortController().signal,
		);
		const { value } = (await accepted.next()) as IteratorYieldResult<Channel>;
		return [near, value] as const;
	};
	const [a, gatewayA] = await dial();
	const [b, gatewayB] = await dial();
	return relayPair({ a, b }, { a: gatewayA, b: gatewayB }, async () => {
		for (const socket of server.clients) socket.terminate();
		await new Promise((resolve) => server.close(resolve));
	});
});
