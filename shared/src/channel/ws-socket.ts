import { maskingFor, type SocketMasking } from "./masking.js";
import type { WebSocketLike } from "./websocket-like.js";
import { type ByteStream, wholeSender } from "./whole-frame.js";
import { type OnRead, wholeReader } from "./whole-reader.js";
import { withoutMessageEvents, type WsSocket } from "./ws-messages.js";

interface WsClientSocket extends WsSocket {
	on(
		type: "upgrade",
		listener: (response: { readonly socket: ByteStream }) => void,
	): unknown;
	on(...message: Parameters<WsSocket["on"]>): unknown;
}

/** Options that every socket to a gateway has. */
export interface WsSocketOptions extends SocketMasking {
	readonly perMessageDeflate: false;
	/** Where something else makes the connection, all messages come by the way of `ws`. */
	readonly onread: OnRead;
}

/**
 * Has `create` make a client's socket of the `ws` package, and makes it cost small calls less: messages come without
 * events, as views of what was read; small ones come past the streams and leave in one piece.
 */
export function wsSocket(
	create: (options: WsSocketOptions) => WsClientSocket,
	url: string,
): WebSocketLike {
	const masking = maskingFor(url);
	const reader = wholeReader();
	const socket = create({
		// Measured: compression costs 25 × the CPU.
		perMessageDeflate: false,
		...masking,
		onread: reader.onread,
	});
	reader.serve(socket);
	socket.binaryType = "nodebuffer";
	// Masked by chance, `ws` sends them in one piece itself.
	if (masking.generateMask)
		socket.on("upgrade", (response) => {
			socket.send = wholeSender(socket, response.socket, true);
		});
	return withoutMessageEvents(socket);
}
