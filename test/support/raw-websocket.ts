import {
	ControlEncoder,
	type ControlMessage,
	type ControlMessageOf,
	type ControlPayload,
	type ControlType,
	decodeControl,
	forEachPacket,
	joinPackets,
} from "@easyremote/shared/protocol";
import { encodeFrame, OPCODE, type RawFrame } from "@easyremote/shared/testing";
import { RawHttp } from "./raw-http.js";

/** The request that opens a WebSocket, up to its empty line. */
export function upgradeRequest(
	url: string,
	door: string,
	headers: Readonly<Record<string, string>> = {},
): string {
	const all = {
		host: new URL(url).host,
		connection: "Upgrade",
		upgrade: "websocket",
		"sec-websocket-version": "13",
		"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
		...headers,
	};
	const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
	return `GET ${door} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A WebSocket made by hand of bytes, which may break every rule, and a peer of EasyRemote on it, which may too. */
export class RawWebSocket {
	readonly http: RawHttp;
	/** Headers of the answer that opened it. */
	readonly headers: ReadonlyMap<string, string>;
	/** Why the other end closed it; 1006 when it did not say. */
	readonly closed: Promise<number>;
	/** Control messages received and not yet asked for. */
	readonly controls: ControlMessage[] = [];
	readonly #encoder = new ControlEncoder(() => 0);
	#wake: (() => void)[] = [];
	#over = false;

	/** Opens one at a door of the gateway. Throws if the answer is not 101. */
	static async open(
		url: string,
		door = "/clients",
		headers: Readonly<Record<string, string>> = {},
	): Promise<RawWebSocket> {
		const http = await RawHttp.open(url);
		http.write(upgradeRequest(url, door, headers));
		const answer = await http.answer();
		if (answer?.status !== 101)
			throw new Error(`no WebSocket: ${answer?.status ?? "hung up"}`);
		return new RawWebSocket(http, answer.headers);
	}

	/** Opens one and introduces itself as a client. */
	static async client(url: string, credential: string): Promise<RawWebSocket> {
		const socket = await RawWebSocket.open(url);
		socket.control("hello", clientHello(credential));
		await socket.next("welcome");
		return socket;
	}

	private constructor(http: RawHttp, headers: ReadonlyMap<string, string>) {
		this.http = http;
		this.headers = headers;
		this.closed = this.#read().finally(() => {
			this.#over = true;
			this.#changed();
		});
	}

	frame(frame: RawFrame): void {
		this.http.write(encodeFrame(frame));
	}

	/** Sends one binary message. */
	message(bytes: Uint8Array): void {
		this.frame({ opcode: OPCODE.binary, payload: bytes });
	}

	/** Sends one packet of a session; 0 is the control plane. */
	packet(session: number, body: Uint8Array): void {
		this.message(joinPackets([{ session, body }]));
	}

	/** The bytes of a control message, as a packet. */
	encode<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
	): Uint8Array {
		const { body } = this.#encoder.encode(type, payload);
		return joinPackets([{ session: 0, body }]);
	}

	control<T extends ControlType>(type: T, payload: ControlPayload<T>): void {
		this.message(this.encode(type, payload));
	}

	/** The next control message of a type; those before it are dropped. Throws when the socket closes without it. */
	async next<T extends ControlType>(type: T): Promise<ControlMessageOf<T>> {
		for (;;) {
			const message = this.controls.shift();
			if (message?.type === type) return message as ControlMessageOf<T>;
			if (message) continue;
			if (this.#over) throw new Error(`closed without ${type}`);
			await new Promise<void>((resolve) => this.#wake.push(resolve));
		}
	}

	close(): void {
		this.http.close();
	}

	async #read(): Promise<number> {
		for (;;) {
			const frame = await this.http.take(readFrame);
			if (!frame) return 1006;
			if (frame.opcode === OPCODE.close)
				return frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0);
			if (frame.opcode === OPCODE.binary) this.#receive(frame.payload);
		}
	}

	#receive(message: Buffer): void {
		forEachPacket(message, (session, start, end) => {
			if (session === 0)
				this.controls.push(decodeControl(message.subarray(start, end)));
		});
		this.#changed();
	}

	#changed(): void {
		for (const wake of this.#wake.splice(0)) wake();
	}
}

/** What a client says first. */
export function clientHello(credential?: string): ControlPayload<"hello"> {
	return {
		version: 1,
		role: "client",
		agent: "raw",
		instance: "raw",
		...(credential === undefined ? {} : { credential }),
	};
}

/** Reads a frame as servers send it: not masked. */
function readFrame(
	bytes: Buffer,
): { value: { opcode: number; payload: Buffer }; length: number } | undefined {
	const [first = 0, second = 0] = bytes;
	const headLength = second < 126 ? 2 : second === 126 ? 4 : 10;
	if (bytes.length < headLength) return undefined;
	const length =
		second < 126
			? second
			: second === 126
				? bytes.readUInt16BE(2)
				: Number(bytes.readBigUInt64BE(2));
	const end = headLength + length;
	if (bytes.length < end) return undefined;
	const payload = Buffer.from(bytes.subarray(headLength, end));
	return { value: { opcode: first & 0x0f, payload }, length: end };
}
