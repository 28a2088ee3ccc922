import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readStun, type StunMessage, writeStun } from "../stun-message.js";

/** A STUN or TURN server on loopback whose answers a test makes; undefined is silence. */
export async function scriptedStunServer(
	reply: (
		request: StunMessage,
		datagram: Buffer,
	) => Pick<StunMessage, "type" | "attributes"> | undefined,
) {
	const socket = createSocket("udp4");
	socket.on("message", (datagram, from) => {
		const request = readStun(datagram);
		const answer = request && reply(request, datagram);
		if (!request || !answer) return;
		const { transactionId } = request;
		socket.send(
			writeStun({ ...answer, transactionId }),
			from.port,
			from.address,
		);
	});
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	return {
		port: socket.address().port,
		close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
	};
}
