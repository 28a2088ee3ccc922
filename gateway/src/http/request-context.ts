import type { IncomingHttpHeaders } from "node:http";
import { TLSSocket } from "node:tls";
import type { Context } from "hono";
import type { AuthContext } from "../auth/authenticate.js";
import { readClientCertificate } from "../auth/client-certificate.js";
import { plainAddress } from "../auth/plain-address.js";
import type { TrustedProxies } from "../auth/trusted-proxies.js";
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

/** What is looked at of a request. */
interface AskingRequest {
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Where an HTTP request comes from. One made in process (`app.request`) comes from this machine.
 * Found out once a request: several parts of a small call want to know.
 */
export function requestAuthContext(
	context: Context<HttpEnv>,
	proxies: TrustedProxies,
): AuthContext {
	const known = context.get("asker");
	if (known) return known;
	const found = findAsker(context, proxies);
	context.set("asker", found);
	return found;
}

function findAsker(
	context: Context<HttpEnv>,
	proxies: TrustedProxies,
): AuthContext {
	// Hono leaves `env` out when there is no server.
	const env = context.env as HttpEnv["Bindings"] | undefined;
	if (env?.incoming) return upgradeAuthContext(env.incoming, proxies);
	const headers = Object.fromEntries(context.req.raw.headers);
	const socket = { remoteAddress: "127.0.0.1" };
	const found = upgradeAuthContext({ headers, socket }, proxies);
	return { ...found, host: requestHost(context) };
}

/** The same for a WebSocket's opening request. */
export function upgradeAuthContext(
	{ headers, socket }: AskingRequest,
	proxies: TrustedProxies,
): AuthContext {
	const peer = plainAddress(socket.remoteAddress ?? "");
	const { host } = headers;
	if (!proxies.trusts(peer)) {
		const forwarded = PROXY_HEADERS.some((name) => headers[name] !== undefined);
		const secure = socket instanceof TLSSocket;
		const certificate = readClientCertificate(socket);
		return { address: peer, host, forwarded, secure, certificate };
	}
	const client = proxies.client(
		joined(headers["x-forwarded-for"]),
		joined(headers["x-forwarded-proto"]),
	);
	// A trusted proxy that does not say for whom it asks could be asking for anybody. A certificate would be its own.
	return client
		? { ...client, host, forwarded: false }
		: { address: peer, host, forwarded: true };
}

function joined(header: string | string[] | undefined): string | undefined {
	return Array.isArray(header) ? header.join() : header;
}

/** The `Host` header; in process, the host of the URL. */
export function requestHost(context: Context<HttpEnv>): string {
	return context.req.header("host") ?? new URL(context.req.url).host;
}
