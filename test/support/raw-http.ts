import { connect, type Socket } from "node:net";
import { gate } from "./gate.js";

/** One answer, as far as the headers say where it ends. */
export interface RawAnswer {
	readonly status: number;
	/** By names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
}

/** A TCP connection that writes whatever it likes to an HTTP server, and reads what comes back. */
export class RawHttp {
	/** When the connection is gone, whoever ended it. */
	readonly closed: Promise<void>;
	readonly #socket: Socket;
	#received = Buffer.alloc(0);
	#gone = false;
	#wake = gate();

	/** Connects to the server of a URL. */
	static async open(url: string): Promise<RawHttp> {
		const { hostname, port } = new URL(url);
		const socket = connect({ host: hostname, port: Number(port) });
		const raw = new RawHttp(socket);
		await new Promise<void>((resolve) => {
			socket.once("connect", resolve).once("close", resolve);
		});
		return raw;
	}

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on("data", (bytes) => {
			this.#received = Buffer.concat([this.#received, bytes]);
			this.#changed();
		});
		socket.on("error", () => {
			// Whatever it was, "close" follows.
		});
		this.closed = new Promise((resolve) => {
			socket.once("close", () => {
				this.#gone = true;
				this.#changed();
				resolve();
			});
		});
	}

	/** Whether the connection is gone. */
	get gone(): boolean {
		return this.#gone;
	}

	/** Everything received and not yet read. */
	get received(): Buffer {
		return this.#received;
	}

	write(bytes: string | Uint8Array): void {
		if (!this.#gone) this.#socket.write(bytes);
	}

	/** Says that nothing more will come, and goes on reading. */
	end(): void {
		this.#socket.end();
	}

	/** Reads nothing more until told. */
	pause(): void {
		this.#socket.pause();
	}

	close(): void {
		this.#socket.destroy();
	}

	/** Takes what `read` finds at the beginning of what has come in; undefined when the connection ends without it. */
	async take<T>(
		read: (
			bytes: Buffer,
			ended: boolean,
		) => { value: T; length: number } | undefined,
	): Promise<T | undefined> {
		for (;;) {
			const found = read(this.#received, this.#gone);
			if (found) {
				this.#received = this.#received.subarray(found.length);
				return found.value;
			}
			if (this.#gone) return undefined;
			await this.#wake.opened;
		}
	}

	/** The next answer; undefined when the connection ends without one. */
	answer(): Promise<RawAnswer | undefined> {
		return this.take(readAnswer);
	}

	#changed(): void {
		const woken = this.#wake;
		this.#wake = gate();
		woken.open();
	}
}

/** Sends bytes on a connection of their own; gives every answer that comes before the server hangs up. */
export async function exchange(
	url: string,
	bytes: string | Uint8Array,
): Promise<readonly RawAnswer[]> {
	const raw = await RawHttp.open(url);
	raw.write(bytes);
	const answers: RawAnswer[] = [];
	for (let next = await raw.answer(); next; next = await raw.answer())
		answers.push(next);
	return answers;
}

function readAnswer(
	bytes: Buffer,
	ended: boolean,
): { value: RawAnswer; length: number } | undefined {
	const headEnd = bytes.indexOf("\r\n\r\n");
	if (headEnd < 0) return undefined;
	const [statusLine = "", ...lines] = bytes
		.toString("latin1", 0, headEnd)
		.split("\r\n");
	const headers = new Map(
		lines.map((line) => {
			const colon = line.indexOf(":");
			return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
		}),
	);
	const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
	const bodyAt = headEnd + 4;
	const body = readBody(bytes.subarray(bodyAt), headers, status, ended);
	if (!body) return undefined;
	return {
		value: { status, headers, body: body.text },
		length: bodyAt + body.length,
	};
}

function readBody(
	bytes: Buffer,
	headers: ReadonlyMap<string, string>,
	status: number,
	ended: boolean,
): { text: string; length: number } | undefined {
	if (status < 200 || status === 204) return { text: "", length: 0 };
	if (headers.get("transfer-encoding") === "chunked") return readChunks(bytes);
	const announced = headers.get("content-length");
	if (announced === undefined)
		return ended ? { text: bytes.toString(), length: bytes.length } : undefined;
	const length = Number(announced);
	if (bytes.length < length) return undefined;
	return { text: bytes.toString("utf8", 0, length), length };
}

function readChunks(
	bytes: Buffer,
): { text: string; length: number } | undefined {
	let text = "";
	for (let at = 0; ; ) {
		const lineEnd = bytes.indexOf("\r\n", at);
		if (lineEnd < 0) return undefined;
		const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
		const end = lineEnd + 2 + size;
		if (bytes.length < end + 2) return undefined;
		text += bytes.toString("utf8", lineEnd + 2, end);
		at = end + 2;
		if (size === 0) return { text, length: at };
	}
}
