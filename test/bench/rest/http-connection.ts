import { connect, type Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");

/** The last answer on a connection. */
export interface HttpAnswer {
	readonly status: number;
	readonly body: string;
}

/**
 * One HTTP/1.1 connection that sends ready-made requests, one after the other. It reads no more of HTTP than the
 * answers here have (a Content-Length each), so that the load costs the machine little beside what is measured.
 */
export class HttpConnection {
	readonly #socket: Socket;
	#buffer: Buffer = Buffer.alloc(0);
	#resolve: ((answer: HttpAnswer) => void) | undefined;
	#reject: ((error: Error) => void) | undefined;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on("data", (chunk) => this.#take(chunk));
		socket.on("error", (error) => this.#reject?.(error));
		socket.on("close", () =>
			this.#reject?.(new Error("the server closed the connection")),
		);
	}

	static async open(port: number): Promise<HttpConnection> {
		const socket = connect(port, "127.0.0.1");
		await new Promise<void>((resolve, reject) => {
			socket.once("connect", resolve);
			socket.once("error", reject);
		});
		return new HttpConnection(socket);
	}

	/** Sends a whole request; rejects when the connection is lost. */
	send(request: Buffer): Promise<HttpAnswer> {
		return new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
			this.#socket.write(request);
		});
	}

	close(): void {
		this.#reject = undefined;
		this.#socket.destroy();
	}

	#take(chunk: Buffer): void {
		this.#buffer =
			this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
		const headEnd = this.#buffer.indexOf(HEAD_END);
		if (headEnd < 0) return;
		const head = this.#buffer.toString("latin1", 0, headEnd);
		const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
		if (length === undefined) {
			this.#reject?.(new Error(`an answer without Content-Length: ${head}`));
			return;
		}
		const start = headEnd + HEAD_END.length;
		const end = start + Number(length);
		if (this.#buffer.length < end) return;
		const body = this.#buffer.toString("utf8", start, end);
		this.#buffer = this.#buffer.subarray(end);
		this.#resolve?.({ status: Number(head.slice(9, 12)), body });
	}
}

/** A POST of JSON as bytes on the wire. */
export function postRequest(
	path: string,
	headers: Readonly<Record<string, string>>,
	json: string,
): Buffer {
	const lines = [
		`POST ${path} HTTP/1.1`,
		"host: 127.0.0.1",
		"content-type: application/json",
		`content-length: ${Buffer.byteLength(json)}`,
		...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
	];
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${json}`);
}
