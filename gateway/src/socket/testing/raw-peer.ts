import { once } from "node:events";
import {
	ControlEncoder,
	type ControlMessage,
	type ControlMessageOf,
	type ControlPayload,
	type ControlType,
	decodeControl,
	type FunctionDescriptor,
	forEachPacket,
	joinPackets,
	type NodeProfile,
} from "@easyremote/shared/protocol";
import { WebSocket } from "ws";

export interface RawPeerOptions {
	/** Reads nothing until told. */
	readonly paused?: boolean;
}

/** A function as a node announces it. */
export function descriptor(
	name: string,
	fields: Partial<FunctionDescriptor> = {},
): FunctionDescriptor {
	return {
		name,
		public: false,
		authRequired: true,
		idempotent: false,
		stream: false,
		...fields,
	};
}

/** A peer made of nothing but a WebSocket, which can say whatever it likes. */
export class RawPeer {
	readonly socket: WebSocket;
	/** Control messages not yet asked for. */
	readonly controls: ControlMessage[] = [];
	/** Relayed packets, in order. */
	readonly packets: { readonly session: number; readonly body: Buffer }[] = [];
	/** WebSocket messages received. */
	messages = 0;
	/** How the gateway closed it. */
	readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
	readonly #encoder = new ControlEncoder(() => 0);
	#wake: (() => void)[] = [];

	static async connect(
		url: string,
		options: RawPeerOptions = {},
	): Promise<RawPeer> {
		const socket = new WebSocket(url, { perMessageDeflate: false });
		const peer = new RawPeer(socket);
		await once(socket, "open");
		if (options.paused) socket.pause();
		return peer;
	}

	private constructor(socket: WebSocket) {
		this.socket = socket;
		socket.on("error", () => undefined);
		socket.on("message", (data: Buffer) => this.#receive(data));
		this.closed = new Promise((resolve) => {
			socket.on("close", (code, reason) => {
				resolve({ code, reason: reason.toString() });
				this.#changed();
			});
		});
	}

	sendRaw(message: Uint8Array | string): void {
		this.socket.send(message);
	}

	/** Sends packets in one WebSocket message. */
	sendPackets(
		...packets: readonly {
			readonly session: number;
			readonly body: Uint8Array;
		}[]
	): void {
		this.socket.send(joinPackets(packets));
	}

	/** The bytes of one control message, and its id. */
	control<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	) {
		const { body, messageId } = this.#encoder.encode(type, payload, replyTo);
		return { session: 0, body, messageId };
	}

	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): number {
		const packet = this.control(type, payload, replyTo);
		this.sendPackets(packet);
		return packet.messageId;
	}

	/** The next control message of that type; those before it are dropped. */
	async next<T extends ControlType>(type: T): Promise<ControlMessageOf<T>> {
		for (;;) {
			const message = this.controls.shift();
			if (message?.type === type) return message as ControlMessageOf<T>;
			if (!message) await this.#change(`waiting for ${type}`);
		}
	}

	/** Waits until that many relayed packets have come in all. */
	async received(count: number): Promise<void> {
		while (this.packets.length < count)
			await this.#change(`waiting for ${count} packets`);
	}

	async hello(
		role: "client" | "node",
		options: {
			readonly nodeId?: string;
			readonly credential?: string | undefined;
			readonly tags?: string[];
			/** What else it says of itself as a node. */
			readonly node?: Partial<NodeProfile>;
		} = {},
	): Promise<ControlPayload<"welcome">> {
		const { nodeId, credential, tags = [], node } = options;
		const load = { running: 0, queued: 0, maxConcurrent: 10 };
		this.send("hello", {
			version: 1,
			role,
			agent: "raw",
			instance: "i",
			...(credential === undefined ? {} : { credential }),
			...(nodeId === undefined
				? {}
				: {
						nodeId,
						node: {
							kind: "compute" as const,
							tags,
							direct: true,
							load,
							...node,
						},
					}),
		});
		return (await this.next("welcome")).payload;
	}

	async register(
		...functions: readonly (string | FunctionDescriptor)[]
	): Promise<void> {
		this.send("register_function", {
			functions: functions.map((each) =>
				typeof each === "string" ? descriptor(each) : each,
			),
		});
		await this.next("function_registered");
	}

	/** Opens a session as a client and takes it as the node; answers the node's number. */
	async openSession(
		node: RawPeer,
		nodeId: string,
		session: number,
		sessionId = `s${session}`,
	): Promise<number> {
		this.send("session_open", { session, sessionId, nodeId, direct: true });
		const { payload } = await node.next("session_open");
		node.send("session_opened", { session: payload.session, direct: true });
		await this.next("session_opened");
		return payload.session;
	}

	terminate(): void {
		this.socket.terminate();
	}

	async #change(what: string): Promise<void> {
		if (this.socket.readyState >= WebSocket.CLOSING)
			throw new Error(`closed while ${what}`);
		await new Promise<void>((resolve) => this.#wake.push(resolve));
	}

	#changed(): void {
		for (const wake of this.#wake.splice(0)) wake();
	}

	#receive(data: Buffer): void {
		this.messages += 1;
		forEachPacket(data, (session, start, end) => {
			const body = data.subarray(start, end);
			if (session === 0) this.controls.push(decodeControl(body));
			else this.packets.push({ session, body });
		});
		this.#changed();
	}
}
