import { readControl } from "./control-codec.js";
import { type ControlMessage, controlMessage } from "./control-messages.js";

/** Reads a control message from a stranger, whoever may send it. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function decodeControl(body: Uint8Array): ControlMessage {
	return readControl(controlMessage, body);
}
