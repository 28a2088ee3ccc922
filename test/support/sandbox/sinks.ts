import { createSocket } from "node:dgram";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Closeable } from "../network.js";
import type { Sink } from "./way-out.js";

const HOST = "127.0.0.1";

/** A server of all that an attempt may talk to; whatever reaches it is in `heard`. */
export interface ListeningSink extends Closeable {
	readonly sink: Sink;
	readonly heard: readonly string[];
}

/** Opens a sink on ports of its own. */
export async function listenSink(
	host: string,
	secret: string,
): Promise<ListeningSink> {
	const heard: string[] = [];
	const server = createServer((request, response) => {
		heard.push(`${request.method ?? ""} ${request.url ?? ""}`);
		response.writeHead(200, {
			"content-type": typeOf(request),
			"access-control-allow-origin": "*",
		});
		response.end(request.url?.endsWith(".json") ? "{}" : "");
	});
	const sockets = new WebSocketServer({ server });
	server.on("connection", () => heard.push("a TCP connection"));
	const udp = createSocket("udp4");
	udp.on("message", () => heard.push("a datagram"));
	await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
	await new Promise<void>((resolve) => udp.bind(0, HOST, resolve));
	const tcpAt = `${HOST}:${(server.address() as AddressInfo).port}`;
	return {
		sink: {
			url: `http://${tcpAt}`,
			ws: `ws://${tcpAt}`,
			tcp: tcpAt,
			udp: `${HOST}:${udp.address().port}`,
			host,
			secret,
		},
		heard,
		close: async () => {
			for (const socket of sockets.clients) socket.terminate();
			sockets.close();
			udp.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function typeOf({ url = "" }: IncomingMessage): string {
	if (url.endsWith(".js")) return "text/javascript";
	if (url.endsWith(".json")) return "application/json";
	if (url.endsWith(".wasm")) return "application/wasm";
	return "text/plain";
}
