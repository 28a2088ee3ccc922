import { WebSocket } from "ws";

/** A WebSocket that says what it likes, to see what the gateway makes of it. */
export class RawSocket {
	/** The close code, once the gateway has closed it. */
	readonly closed: Promise<number>;
	readonly #socket: WebSocket;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		this.closed = new Promise((resolve) => socket.once("close", resolve));
		socket.on("error", () => {
			// Whatever it was, "close" follows.
		});
	}

	/** Connects to one of a gateway's doors, "/clients" or "/nodes/…". */
	static async open(gateway: string, door: string): Promise<RawSocket> {
		const socket = new WebSocket(`${gateway.replace(/^http/, "ws")}${door}`);
		const raw = new RawSocket(socket);
		await new Promise<void>((resolve, reject) => {
			socket.once("open", resolve);
			socket.once("error", reject);
		});
		return raw;
	}

	send(message: string | Uint8Array): void {
		this.#socket.send(message);
	}

	close(): void {
		this.#socket.terminate();
	}
}

/** A packet as PROTOCOL.md §2 has it; `length` may lie. */
export function packet(
	session: number,
	body: Uint8Array,
	length = body.length,
): Uint8Array {
	const bytes = new Uint8Array(8 + body.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, session);
	view.setUint32(4, length);
	bytes.set(body, 8);
	return bytes;
}
