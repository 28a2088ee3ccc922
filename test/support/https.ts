import { Agent, request } from "node:https";
import { json } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import { TLSSocket } from "node:tls";

/** How to reach a gateway behind TLS. */
export interface TlsIdentity {
	/** Authority of the gateway's certificate, PEM. */
	readonly ca: string;
	/** The caller's own, if it shows one. */
	readonly cert?: string | undefined;
	readonly key?: string | undefined;
}

export interface HttpsOptions extends TlsIdentity {
	readonly method?: "GET" | "POST";
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Connections, and TLS sessions, that are used again; a fresh connection unless given. */
	readonly agent?: Agent | undefined;
}

export interface HttpsAnswer {
	readonly status: number;
	readonly json: unknown;
	/** It came over a TLS session that an earlier connection had begun. */
	readonly resumed: boolean;
}

/** One request with certificates of one's own, which `fetch` has no place for. Answers status and JSON. */
export async function httpsJson(
	url: string,
	{ ca, cert, key, method = "GET", body, headers, agent }: HttpsOptions,
): Promise<HttpsAnswer> {
	const sent = request(url, {
		agent: agent ?? new Agent({ maxCachedSessions: 0 }),
		ca,
		cert,
		key,
		method,
		headers: { "content-type": "application/json", ...headers },
	});
	sent.end(body === undefined ? undefined : JSON.stringify(body));
	const [response] = (await once(sent, "response")) as [IncomingMessage];
	const { socket } = response;
	const resumed = socket instanceof TLSSocket && socket.isSessionReused();
	return {
		status: response.statusCode ?? 0,
		json: await json(response),
		resumed,
	};
}
