// The process behind the bare gateway: reads the arguments, writes the result.
import { WebSocket } from "ws";
import { answer } from "../../support/answer.js";
import { BARE_SOCKET } from "../bare/ws-pipe.js";
import { CALL_NUMBER_BYTES } from "./bare-message.js";

answer({
	connect: async (port: number) => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}`, BARE_SOCKET);
		socket.on("message", (message: Buffer) => {
			const body = message.toString("utf8", CALL_NUMBER_BYTES);
			const { args } = JSON.parse(body) as { args: [unknown] };
			const result = Buffer.from(JSON.stringify({ result: args[0] }));
			socket.send(
				Buffer.concat([message.subarray(0, CALL_NUMBER_BYTES), result]),
			);
		});
		await new Promise<void>((resolve, reject) => {
			socket.once("open", resolve);
			socket.once("error", reject);
		});
	},
});
