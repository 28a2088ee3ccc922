import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { Commands } from "../support/answer.js";

/** What the process in the middle has cost so far. */
export interface Usage {
	readonly cpuMs: number;
	/** Through its server sockets, both directions, headers and all. */
	readonly bytes: number;
}

/** Answers `usage`; to be called before the process opens its server. */
export function usageCommands(): Commands {
	const sockets = new Set<Socket>();
	let closedBytes = 0;
	const count = ({ bytesRead, bytesWritten }: Socket) =>
		bytesRead + bytesWritten;
	subscribe("net.server.socket", (message) => {
		const { socket } = message as { socket: Socket };
		sockets.add(socket);
		socket.once("close", () => {
			closedBytes += count(socket);
			sockets.delete(socket);
		});
	});
	return {
		usage: async (): Promise<Usage> => {
			const { user, system } = process.cpuUsage();
			let bytes = closedBytes;
			for (const socket of sockets) bytes += count(socket);
			return { cpuMs: (user + system) / 1000, bytes };
		},
	};
}
