import type { WebSocketEventLike, WebSocketLike } from "./websocket-like.js";

/** A socket of the `ws` package. */
export interface WsSocket extends WebSocketLike {
	on(
		type: "message",
		listener: (data: unknown, isBinary: boolean) => void,
	): unknown;
	emit(type: "message", data: Uint8Array, isBinary: boolean): unknown;
}

/** Has a socket of `ws` hand its messages over as they are: an event object for each would cost a small call time. */
export function withoutMessageEvents<T extends WsSocket>(socket: T): T {
	const listen = socket.addEventListener.bind(socket);
	socket.addEventListener = (
		type: Parameters<typeof listen>[0],
		listener: (event: WebSocketEventLike) => void,
	) => {
		if (type !== "message") listen(type, listener);
		else
			socket.on(type, (data, isBinary) => {
				// Text is not spoken here, whatever it says.
				listener({ type, data: isBinary ? data : undefined });
			});
	};
	return socket;
}
