import { once } from "node:events";
import { deferred } from "@easyremote/shared/async";
import {
	ControlEncoder,
	type ControlMessage,
	type ControlPayload,
	type ControlType,
	decodeControl,
	forEachPacket,
	joinPackets,
	PROTOCOL_VERSION,
} from "@easyremote/shared/protocol";
import { WebSocket } from "ws";
import type { TlsIdentity } from "./https.js";

/** A client's socket that asks one thing at a time, to see what the gateway answers. */
export class RawClient {
	/** The close code, once the gateway has closed it. */
	readonly closed: Promise<number>;
	readonly #socket: WebSocket;
	readonly #encoder = new ControlEncoder(() => 0);
	readonly #waiting = new Map<number, (answer: ControlMessage) => void>();

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		this.closed = once(socket, "close").then(([code]) => code as number);
		socket.on("message", (data: Buffer) => {
			forEachPacket(data, (session, start, end) => {
				if (session === 0)
					this.#receive(decodeControl(data.subarray(start, end)));
			});
		});
	}

	static async connect(gateway: string, tls?: TlsIdentity): Promise<RawClient> {
		const socket = new WebSocket(
			`${gateway.replace(/^http/, "ws")}/clients`,
			tls,
		);
		await once(socket, "open");
		return new RawClient(socket);
	}

	/** Answers what comes back for this message: of another type where it was refused. */
	ask<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
	): Promise<ControlMessage> {
		const { body, messageId } = this.#encoder.encode(type, payload);
		const answered = deferred<ControlMessage>();
		this.#waiting.set(messageId, answered.resolve);
		this.#socket.send(joinPackets([{ session: 0, body }]));
		return answered.promise;
	}

	hello(credential?: string): Promise<ControlMessage> {
		return this.ask("hello", {
			version: PROTOCOL_VERSION,
			role: "client",
			agent: "raw",
			instance: "i",
			...(credential === undefined ? {} : { credential }),
		});
	}

	close(): void {
		this.#socket.terminate();
	}

	#receive(message: ControlMessage): void {
		if (message.replyTo !== undefined)
			this.#waiting.get(message.replyTo)?.(message);
	}
}
