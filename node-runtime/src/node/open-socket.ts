import { createRequire } from "node:module";
import {
	type Channel,
	openWebSocket,
	wsSocket,
} from "@easyremote/shared/channel";
import { WebSocket } from "ws";
import { type NodeTlsOptions, readNodeTls } from "./node-tls.js";

/** Largest message taken from the gateway, bytes; the gateway's own limit is 1 MiB. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/**
 * Dials the gateway with the `ws` package. Rejects with UNAVAILABLE when nobody answers, or with the signal's reason.
 * Certificates in files are read anew each time, so that a renewed one is used from the next connection on.
 */
export function socketOpener(
	tls: NodeTlsOptions | undefined,
): (url: string, signal: AbortSignal) => Promise<Channel> {
	const create = (address: string) =>
		wsSocket(
			(options) =>
				new WebSocket(address, {
					...options,
					maxPayload: MAX_PAYLOAD_BYTES,
					...(tls && readNodeTls(tls)),
				}),
			address,
		);
	return (url, signal) => openWebSocket(create, url, signal);
}

/** Whether `ws` can use its native helper, without which large messages cost three to four times the CPU. */
export function hasFastMasking(): boolean {
	try {
		createRequire(import.meta.url).resolve("bufferutil");
		return true;
	} catch {
		return false;
	}
}
