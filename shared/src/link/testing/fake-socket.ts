import type { Channel } from "../../channel/channel.js";
import { PacketMux } from "../../channel/packet-mux.js";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { ControlEncoder } from "../../protocol/control-codec.js";
import { decodeControl } from "../../protocol/decode-control.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../../protocol/control-messages.js";

/** What a friendly gateway answers to `hello`. */
export const WELCOME: ControlPayload<"welcome"> = {
	connectionId: "c1",
	principal: { id: "p", subject: "p", anonymous: false, grants: [] },
	gatewayId: "g1",
	heartbeatIntervalMs: 15_000,
	iceServers: [],
	maxMessageBytes: 1_048_576,
};

/** The gateway's end of one connection. */
export class FakeSocket {
	readonly received: ControlMessage[] = [];
	closed: { readonly error: EasyRemoteError | undefined } | undefined;
	readonly mux: PacketMux;
	readonly #encoder = new ControlEncoder(() => 0);

	constructor(
		channel: Channel,
		react: (socket: FakeSocket, message: ControlMessage) => void,
	) {
		this.mux = new PacketMux(channel, {
			control: (body) => {
				const message = decodeControl(body);
				this.received.push(message);
				react(this, message);
			},
			closed: (error) => {
				this.closed = { error };
			},
			unknownSession: () => undefined,
		});
	}

	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): void {
		this.mux.sendControl(this.#encoder.encode(type, payload, replyTo).body);
	}

	end(closeCode: number): void {
		const code = closeCode === 4401 ? "UNAUTHENTICATED" : "UNAVAILABLE";
		this.mux.close(
			new EasyRemoteError(code, "closed", { details: { closeCode } }),
		);
	}

	types(): ControlType[] {
		return this.received.map(({ type }) => type);
	}
}

/** Says welcome and answers heartbeats, as a gateway does. */
export function friendly(socket: FakeSocket, message: ControlMessage): void {
	if (message.type === "hello")
		socket.send("welcome", WELCOME, message.messageId);
	if (message.type === "heartbeat")
		socket.send("heartbeat_ack", {}, message.messageId);
}
