import { WebSocket } from "ws";
import type { BarePipe } from "./pipe.js";

/** Queued in one socket before its source waits, bytes. */
export const HIGH_WATER_BYTES = 1024 ** 2;

/** Options that every bare socket has. */
export const BARE_SOCKET = {
	perMessageDeflate: false,
	maxPayload: 2 ** 24,
	skipUTF8Validation: true,
} as const;

/** Connects to the forwarder. */
export async function openWsPipe(url: string): Promise<BarePipe> {
	const socket = new WebSocket(url, BARE_SOCKET);
	await new Promise<void>((resolve, reject) => {
		socket.once("open", resolve);
		socket.once("error", reject);
	});
	let wait: Promise<void> | undefined;
	return {
		chunkBytes: 256 * 1024,
		send(message) {
			if (socket.bufferedAmount < HIGH_WATER_BYTES) {
				socket.send(message, NOTHING);
				return;
			}
			wait = new Promise((resolve) => {
				socket.send(message, () => {
					wait = undefined;
					resolve();
				});
			});
		},
		ready: () => wait,
		onMessage: (listener) => void socket.on("message", listener),
		close: () => socket.terminate(),
	};
}

/** A lost socket ends the processes of the run; there is nothing to do about one message. */
const NOTHING = () => {};
