import type { BridgeClose, BridgeNews } from "../ports/bridge-port.js";

/** Below this the page tells the Worker how much has left, bytes. */
const LOW_WATER_BYTES = 128 * 1024;

/**
 * Stands between a data channel and the Worker that uses it, where the browser cannot move the channel itself.
 * The answer is the port for the Worker; the far end of it is `bridgedChannel`.
 */
export function bridgeChannel(channel: RTCDataChannel): MessagePort {
	const { port1: port, port2 } = new MessageChannel();
	let handedOver = 0;
	const say = (news: BridgeNews): void => port.postMessage(news);
	const sayLeft = (): void =>
		say({ type: "left", bytes: handedOver - channel.bufferedAmount });

	channel.binaryType = "arraybuffer";
	channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
	channel.addEventListener("open", () => say({ type: "open" }));
	channel.addEventListener("close", () => say({ type: "closed" }));
	channel.addEventListener("bufferedamountlow", sayLeft);
	channel.addEventListener(
		"message",
		({ data }: MessageEvent<ArrayBuffer | string>) => {
			port.postMessage(data, typeof data === "string" ? [] : [data]);
		},
	);
	port.onmessage = ({
		data,
	}: MessageEvent<ArrayBuffer | string | BridgeClose>) => {
		if (typeof data !== "string" && !(data instanceof ArrayBuffer)) {
			channel.close();
			return;
		}
		// A message for a channel that has just closed: the Worker will hear of the close.
		if (channel.readyState !== "open") return;
		handedOver += typeof data === "string" ? data.length : data.byteLength;
		if (typeof data === "string") channel.send(data);
		else channel.send(data);
		if (channel.bufferedAmount <= LOW_WATER_BYTES) sayLeft();
	};
	return port2;
}
