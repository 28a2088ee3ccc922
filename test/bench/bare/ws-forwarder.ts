// The bare two-hop forwarder: what comes from one socket goes out of the other, unread.
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { answer } from "../../support/answer.js";
import { usageCommands } from "../usage.js";
import { BARE_SOCKET, HIGH_WATER_BYTES } from "./ws-pipe.js";

const usage = usageCommands();
const server = new WebSocketServer({
	...BARE_SOCKET,
	host: "127.0.0.1",
	port: 0,
});
const listening = new Promise((resolve) => server.once("listening", resolve));
const ends: WebSocket[] = [];
server.on("connection", (socket) => {
	socket.on("error", (error) => process.stderr.write(`${error.message}\n`));
	ends.push(socket);
	const [one, other] = ends;
	if (one && other) {
		forward(one, other);
		forward(other, one);
	}
});

function forward(from: WebSocket, to: WebSocket): void {
	from.on("message", (message: Buffer) => {
		if (to.bufferedAmount > HIGH_WATER_BYTES) {
			from.pause();
			to.send(message, () => from.resume());
		} else to.send(message);
	});
}

answer({
	...usage,
	url: async () => {
		await listening;
		return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
	},
});
