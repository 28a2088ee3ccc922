import { maskingFor, type SocketMasking } from "./masking.js";
import { SOCKET_OPEN, type WebSocketLike } from "./websocket-like.js";
import { LARGEST_WHOLE, wholeFrame } from "./whole-frame.js";
import { withoutMessageEvents, type WsSocket } from "./ws-messages.js";

/** The part of a `net.Socket` that is used here. */
interface ByteStream {
	write(bytes: Uint8Array, written?: (error?: Error | null) => void): unknown;
}

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
}

/**
 * Has `create` make a client's socket of the `ws` package, and makes it cost small calls less: messages come without
 * events, as views of what was read, and small ones leave in one piece.
 */
export function wsSocket(
	create: (options: WsSocketOptions) => WsClientSocket,
	url: string,
): WebSocketLike {
	const masking = maskingFor(url);
	// Measured: compression costs 25 × the CPU.
	const socket = create({ perMessageDeflate: false, ...masking });
	socket.binaryType = "nodebuffer";
	// Masked by chance, `ws` sends them in one piece itself.
	if (masking.generateMask) sendWhole(socket);
	return withoutMessageEvents(socket);
}

function sendWhole(socket: WsClientSocket): void {
	const send = socket.send.bind(socket);
	let stream: ByteStream | undefined;
	socket.on("upgrade", (response) => {
		stream = response.socket;
	});
	socket.send = (message, sent) => {
		const small = message.length <= LARGEST_WHOLE;
		if (small && stream && socket.readyState === SOCKET_OPEN)
			stream.write(wholeFrame(message, true), sent);
		else send(message, sent);
	};
}
