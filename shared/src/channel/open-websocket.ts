import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Channel } from "./channel.js";
import {
	type WebSocketChannelOptions,
	webSocketChannel,
} from "./websocket-channel.js";
import type { WebSocketLike } from "./websocket-like.js";

/**
 * Dials `url`. Rejects with UNAVAILABLE when nobody answers there, or with the signal's reason.
 *
 * @example
 * const channel = await openWebSocket((url) => new WebSocket(url), "wss://gw.example.com/clients", signal);
 */
export async function openWebSocket(
	create: (url: string) => WebSocketLike,
	url: string,
	signal: AbortSignal,
	options?: WebSocketChannelOptions,
): Promise<Channel> {
	signal.throwIfAborted();
	const opened = deferred<Channel>();
	const socket = create(url);
	let channel: Channel | undefined;
	let failure: string | undefined;
	socket.addEventListener("error", (event) => {
		// `ws` says why here; the close event that follows settles the matter.
		failure = event.message;
	});
	socket.addEventListener("open", () => {
		if (signal.aborted) return;
		// At once: the first message may come with the very next event.
		channel = webSocketChannel(socket, options);
		opened.resolve(channel);
	});
	socket.addEventListener("close", (event) => {
		opened.reject(unreachable(url, event.code, failure ?? event.reason));
	});
	const onAbort = (): void => {
		opened.reject(signal.reason);
		if (channel) channel.close();
		else socket.close();
	};
	signal.addEventListener("abort", onAbort);
	try {
		return await opened.promise;
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

function unreachable(
	url: string,
	closeCode: number | undefined,
	why: string | undefined,
): EasyRemoteError {
	const said = why ? `: ${why}` : "";
	return new EasyRemoteError(
		"UNAVAILABLE",
		`could not connect to ${url}${said}`,
		{
			hint: "Check that the gateway runs there, and the address with its scheme (ws or wss).",
			details: { closeCode: closeCode ?? 1006 },
		},
	);
}
