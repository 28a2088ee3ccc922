import { networkInterfaces } from "node:os";
import { env, version } from "node:process";
import { openWebSocket, wsSocket } from "@easyremote/shared/channel";
import { watchAddresses } from "@easyremote/shared/link";
import { WebSocket } from "ws";
import type { Platform } from "../platform.js";

/** Largest message taken from the gateway, bytes: well over the largest it sends. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Node.js: `ws` for WebSockets (masked by bufferutil). */
export const platform: Platform = {
	agent: `easyremote-client (node ${version})`,
	openSocket: (url, signal) => openWebSocket(createSocket, url, signal),
	holdOpen: () => {
		const timer = setInterval(() => undefined, LONGEST_TIMER_MS);
		return () => clearInterval(timer);
	},
	watchNetwork: (changed) =>
		watchAddresses({ interfaces: networkInterfaces, changed }),
	environment: (name) => env[name],
};

function createSocket(url: string) {
	return wsSocket(
		(options) =>
			new WebSocket(url, { ...options, maxPayload: MAX_PAYLOAD_BYTES }),
		url,
	);
}
