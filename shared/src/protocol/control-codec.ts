import { packEnvelope, unpackEnvelope } from "../codec/envelope.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { tagged } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import type { Shape } from "../shapes/shape.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "./control-messages.js";
import { messagesFromGateway } from "./messages-from-gateway.js";

/** Writes the control messages of one connection, numbering them. */
export class ControlEncoder {
	#messageId = 0;
	readonly #now: () => number;

	/** @param now wall time, ms since the epoch */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Encodes one message; `messageId` is what an answer will carry as `replyTo`. */
	encode<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): { readonly messageId: number; readonly body: Uint8Array } {
		this.#messageId += 1;
		const messageId = this.#messageId;
		const body = packEnvelope({
			type,
			messageId,
			timestamp: this.#now(),
			replyTo,
			payload,
		});
		return { messageId, body };
	}
}

const fromGateway = tagged("type", messagesFromGateway);

/** Reads what a gateway says. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function decodeFromGateway(body: Uint8Array): ControlMessage {
	return readControl(fromGateway, body);
}

/** Reads a control message of one of these shapes. Throws INVALID_ARGUMENT that names what is wrong with it. */
export function readControl<T>(shape: Shape<T>, body: Uint8Array): T {
	const read = shape(unpackEnvelope(body));
	if (!(read instanceof Mismatch)) return read;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`malformed control message at ${String(read)}`,
	);
}
