import type { IncomingHttpHeaders } from "node:http";
import type { Context } from "hono";
import type { AuthContext } from "../auth/authenticate.js";
import type { HttpEnv } from "./http-env.js";

/** Headers by which a proxy says that it passed a request on for somebody else. */
const PROXY_HEADERS = [
	"forwarded",
	"via",
	"x-forwarded-for",
	"x-forwarded-host",
	"x-real-ip",
	"cf-connecting-ip",
];

/** Where an HTTP request comes from. One made in process (`app.request`) comes from this machine. */
export function requestAuthContext(context: Context<HttpEnv>): AuthContext {
	// Hono leaves `env` out when there is no server.
	const env = context.env as HttpEnv["Bindings"] | undefined;
	return {
		address: env?.incoming?.socket.remoteAddress ?? "127.0.0.1",
		host: requestHost(context),
		forwarded: PROXY_HEADERS.some(
			(header) => context.req.header(header) !== undefined,
		),
	};
}

/** The same for a WebSocket's opening request. */
export function upgradeAuthContext(request: {
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}): AuthContext {
	return {
		address: request.socket.remoteAddress ?? "",
		host: request.headers.host,
		forwarded: PROXY_HEADERS.some(
			(header) => request.headers[header] !== undefined,
		),
	};
}

/** The `Host` header; in process, the host of the URL. */
export function requestHost(context: Context<HttpEnv>): string {
	return context.req.header("host") ?? new URL(context.req.url).host;
}
