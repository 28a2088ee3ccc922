import { EasyRemoteError } from "../errors/easyremote-error.js";

/** Guards `send`: an empty or oversized message is a fault of the layer above. Throws INTERNAL. */
export function checkMessageSize(message: Uint8Array, maxBytes: number): void {
	if (message.length > 0 && message.length <= maxBytes) return;
	throw new EasyRemoteError(
		"INTERNAL",
		`a message of ${message.length} bytes was given to a channel that takes 1 to ${maxBytes}`,
	);
}
