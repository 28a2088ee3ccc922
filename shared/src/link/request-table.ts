import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError } from "../errors/error-wire.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../protocol/control-messages.js";

interface PendingRequest {
	readonly answer: ControlType;
	readonly settled: Deferred<ControlMessage["payload"]>;
}

/** Requests on one connection that wait for their answer, by `messageId`. No I/O. */
export class RequestTable {
	readonly #pending = new Map<number, PendingRequest>();

	/** Expects a message of type `answer` in reply to `messageId`. */
	expect<R extends ControlType>(
		messageId: number,
		answer: R,
	): Promise<ControlPayload<R>> {
		const settled = deferred<ControlMessage["payload"]>();
		this.#pending.set(messageId, { answer, settled });
		// `answered` resolves it with nothing but the payload of a message of that type.
		return settled.promise as Promise<ControlPayload<R>>;
	}

	/** Takes a message; true if it was the answer to a request, right or wrong. */
	answered(message: ControlMessage): boolean {
		if (message.replyTo === undefined) return false;
		const request = this.#pending.get(message.replyTo);
		if (!request) return false;
		this.#pending.delete(message.replyTo);
		if (message.type === request.answer)
			request.settled.resolve(message.payload);
		else request.settled.reject(refusal(message, request.answer));
		return true;
	}

	/** Stops waiting for one answer. */
	forget(messageId: number, error: unknown): void {
		this.#pending.get(messageId)?.settled.reject(error);
		this.#pending.delete(messageId);
	}

	/** The connection is gone, and with it every answer. */
	failAll(error: EasyRemoteError): void {
		for (const { settled } of this.#pending.values()) settled.reject(error);
		this.#pending.clear();
	}
}

function refusal(
	message: ControlMessage,
	wanted: ControlType,
): EasyRemoteError {
	if (message.type === "error") return fromWireError(message.payload);
	if (message.type === "session_close" && message.payload.error)
		return fromWireError(message.payload.error);
	return new EasyRemoteError(
		"INTERNAL",
		`the gateway answered with "${message.type}" where "${wanted}" was due`,
	);
}
