import {
	createServer as createPlainServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
} from "node:http";
import {
	createServer as createTlsServer,
	Server as TlsServer,
} from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { ConnectionGate } from "./connection-gate.js";
import type { TlsMaterial } from "../tls/tls-material.js";

/** How often Node looks for requests that are late, ms. */
const TIMEOUT_CHECK_MS = 1_000;

/** How long answers that are on their way may take when the server closes, ms. */
const LAST_ANSWERS_MS = 1_000;
/** How often it is looked which of them have left, ms. */
const CLOSE_LOOK_MS = 20;

/** How large and how slow requests may be. */
export type HttpServerLimits = Pick<
	GatewayLimits,
	| "headersTimeoutMs"
	| "requestTimeoutMs"
	| "keepAliveTimeoutMs"
	| "maxHeaderBytes"
>;

export interface HttpServerOptions {
	readonly host: string;
	/** 0 picks a free one. */
	readonly port: number;
	/** Absent, the server speaks plain HTTP. */
	readonly tls?: TlsMaterial | undefined;
	readonly limits: HttpServerLimits;
	/** Lets connections in. */
	readonly gate: ConnectionGate;
	readonly request: RequestListener;
	/** Takes a request for a WebSocket. It answers on the socket, whatever the answer. */
	readonly upgrade: (
		request: IncomingMessage,
		socket: Duplex,
		head: Buffer,
	) => void;
}

/** A listening HTTP server. */
export interface HttpServer {
	readonly address: AddressInfo;
	/** Greets those who come from now on with another certificate; connections there are stay. Only where there was one. */
	renewTls(material: TlsMaterial): void;
	/**
	 * Ends every connection that is not a WebSocket, those still being answered after a second at the latest, and resolves
	 * when the port is free. Connections that became WebSockets are for whoever took them to close: it waits for those too.
	 */
	close(): Promise<void>;
}

/** Listens. Throws UNAVAILABLE that says which address cannot be had. */
export async function openHttpServer(
	options: HttpServerOptions,
): Promise<HttpServer> {
	const server = createServer(options);
	options.gate.guard(server);
	server.on("upgrade", options.upgrade);
	server.on("clientError", refuseMalformed);
	await listen(server, options.host, options.port);
	const address = server.address();
	if (address === null || typeof address === "string")
		throw new EasyRemoteError("INTERNAL", "the server has no address");
	return {
		address,
		renewTls: (material) => {
			if (server instanceof TlsServer)
				server.setSecureContext(secureContext(material));
		},
		close: () => close(server),
	};
}

/** Node closes connections that are idle when told to, and no others: so it is told again as answers leave. */
function close(server: Server): Promise<void> {
	return new Promise((resolve) => {
		const looking = setInterval(() => {
			server.closeIdleConnections();
		}, CLOSE_LOOK_MS);
		const cut = setTimeout(() => {
			server.closeAllConnections();
		}, LAST_ANSWERS_MS);
		server.close(() => {
			clearInterval(looking);
			clearTimeout(cut);
			resolve();
		});
		server.closeIdleConnections();
	});
}

function createServer(options: HttpServerOptions): Server {
	const { headersTimeoutMs, requestTimeoutMs } = options.limits;
	const common = {
		headersTimeout: headersTimeoutMs,
		// Node wants it no shorter, since it includes the headers.
		requestTimeout: Math.max(requestTimeoutMs, headersTimeoutMs),
		keepAliveTimeout: options.limits.keepAliveTimeoutMs,
		maxHeaderSize: options.limits.maxHeaderBytes,
		connectionsCheckingInterval: TIMEOUT_CHECK_MS,
	};
	const { tls } = options;
	if (!tls) return createPlainServer(common, options.request);
	const certificates = {
		// A certificate is asked for, and whoever shows none, or a bad one, still gets to hear what is wrong.
		requestCert: tls.clientCa !== undefined,
		rejectUnauthorized: false,
	};
	return createTlsServer(
		{
			...common,
			...secureContext(tls),
			...certificates,
			handshakeTimeout: headersTimeoutMs,
		},
		options.request,
	);
}

function secureContext({ cert, key, clientCa }: TlsMaterial) {
	return { cert, key, ca: clientCa, minVersion: "TLSv1.2" as const };
}

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const refused = (cause: NodeJS.ErrnoException) => {
			reject(cannotListen(cause, host, port));
		};
		server.once("error", refused);
		server.listen({ host, port }, () => {
			server.off("error", refused);
			resolve();
		});
	});
}

function cannotListen(
	cause: NodeJS.ErrnoException,
	host: string,
	port: number,
): EasyRemoteError {
	const where = `${host}:${port}`;
	if (cause.code === "EADDRINUSE") {
		return new EasyRemoteError(
			"UNAVAILABLE",
			`cannot listen on ${where}: the port is in use (EADDRINUSE)`,
			{
				hint: "Stop the other program, or choose another port; 0 picks a free one.",
				cause,
			},
		);
	}
	if (cause.code === "EACCES") {
		return new EasyRemoteError(
			"UNAVAILABLE",
			`cannot listen on ${where}: permission denied (EACCES)`,
			{
				hint: "Ports below 1024 need privileges: choose a higher one.",
				cause,
			},
		);
	}
	return new EasyRemoteError(
		"UNAVAILABLE",
		`cannot listen on ${where}: ${cause.message}`,
		{ cause },
	);
}

/** What is not HTTP gets the shortest answer there is; who is gone gets none. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
	if (error.code === "ECONNRESET" || !socket.writable) {
		socket.destroy();
		return;
	}
	const status =
		error.code === "HPE_HEADER_OVERFLOW"
			? "431 Request Header Fields Too Large"
			: error.code === "ERR_HTTP_REQUEST_TIMEOUT"
				? "408 Request Timeout"
				: "400 Bad Request";
	socket.end(
		`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
	);
}
