// What REST is held against: hono alone, and hono that passes bodies on to another process over a WebSocket.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { type WebSocket, WebSocketServer } from "ws";
import { answer } from "../../support/answer.js";
import { BARE_SOCKET } from "../bare/ws-pipe.js";
import { CALL_NUMBER_BYTES } from "./bare-message.js";

const answers = new Map<number, (body: Uint8Array<ArrayBuffer>) => void>();
let node: WebSocket | undefined;
let lastCall = 0;

const headers = { "content-type": "application/json" };
const app = new Hono();
app.post("/echo", async (context) => {
	const { args } = await context.req.json<{ args: [unknown] }>();
	return context.json({ result: args[0] });
});
app.post("/through", async (context) => {
	const body = Buffer.from(await context.req.arrayBuffer());
	const call = ++lastCall;
	const message = Buffer.allocUnsafe(CALL_NUMBER_BYTES + body.length);
	message.writeUInt32BE(call);
	message.set(body, CALL_NUMBER_BYTES);
	const result = await new Promise<Uint8Array<ArrayBuffer>>((resolve) => {
		answers.set(call, resolve);
		node?.send(message);
	});
	return new Response(result, { headers });
});

const sockets = new WebSocketServer({ ...BARE_SOCKET, noServer: true });
sockets.on("connection", (socket) => {
	node = socket;
	socket.on("error", (error) => process.stderr.write(`${error.message}\n`));
	socket.on("message", (message: Buffer<ArrayBuffer>) => {
		const call = message.readUInt32BE();
		answers.get(call)?.(message.subarray(CALL_NUMBER_BYTES));
		answers.delete(call);
	});
});
const respond = getRequestListener(app.fetch);
const server = createServer((request, response) => {
	void respond(request, response);
});
server.on("upgrade", (request, socket, head) =>
	sockets.handleUpgrade(request, socket, head, (upgraded) =>
		sockets.emit("connection", upgraded, request),
	),
);
server.listen(0, "127.0.0.1");

answer({
	port: async () => {
		if (!server.listening) await once(server, "listening");
		return (server.address() as AddressInfo).port;
	},
});
