import {
	type BarePipe,
	BulkReceiver,
	KIND,
	message,
	numberIn,
	sendBulk,
} from "./pipe.js";

/** Makes a pipe the far end of a baseline: echoes small messages, keeps an upload, and sends it back when asked. */
export function serveBareEcho(pipe: BarePipe): void {
	const received = new BulkReceiver();
	pipe.onMessage((bytes) => {
		if (bytes[0] === KIND.call) pipe.send(bytes);
		else if (bytes[0] === KIND.request) void sendBulk(pipe, received.bytes);
		else if (received.take(bytes))
			pipe.send(message(KIND.end, numberIn(bytes)));
	});
}
