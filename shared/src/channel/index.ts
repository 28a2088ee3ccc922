export type { Channel, ChannelEvents } from "./channel.js";
export { closeCodeOf, closeReasonOf, errorOfClose } from "./close-codes.js";
export { type DataChannel, dataChannel } from "./data-channel.js";
export type { DataChannelLike } from "./data-channel-like.js";
export {
	type MemoryChannelOptions,
	memoryChannelPair,
} from "./memory-channel.js";
export { openWebSocket } from "./open-websocket.js";
export { PacketMux, type PacketMuxEvents } from "./packet-mux.js";
export { type PortChannelOptions, portChannel } from "./port-channel.js";
export type { PortLike } from "./port-like.js";
export { type RelayCarrier, RelayChannel } from "./relay-channel.js";
export { type ChannelTaps, tapChannel } from "./tap-channel.js";
export {
	type WebSocketChannelOptions,
	webSocketChannel,
} from "./websocket-channel.js";
export type { WebSocketLike } from "./websocket-like.js";
export { wholeSender } from "./whole-frame.js";
export { wsSocket } from "./ws-socket.js";
