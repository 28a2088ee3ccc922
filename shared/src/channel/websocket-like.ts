/** `WebSocket.OPEN`, the state in which a socket takes messages. */
export const SOCKET_OPEN = 1;

/** What the listeners read of an event; each kind of event has a part of it. */
export interface WebSocketEventLike {
	readonly type: string;
	readonly data?: unknown;
	readonly code?: number;
	readonly reason?: string;
	/** Why it failed; only the `ws` package says. */
	readonly message?: string;
}

/** The part of a WebSocket that is used here: browsers and the `ws` package both have it. */
export interface WebSocketLike {
	readonly readyState: number;
	readonly bufferedAmount: number;
	binaryType: string;
	/** `ws` calls `sent` when the message has been handed to the operating system, browsers do not. */
	send(data: Uint8Array, sent?: (error?: Error | null) => void): void;
	close(code?: number, reason?: string): void;
	/** Destroys the connection at once; `ws` only. */
	terminate?: () => void;
	addEventListener(
		type: "open" | "message" | "error" | "close",
		listener: (event: WebSocketEventLike) => void,
	): void;
}
