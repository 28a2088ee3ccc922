import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type { Context } from "hono";
import type { ByteShare } from "../limits/byte-budget.js";
import type { HttpEnv } from "./http-env.js";

/**
 * Reads a request's body whole, refusing as soon as it is known to be too large, however it was sent.
 * Its memory is taken from `share`, which the caller gives back. Throws RESOURCE_EXHAUSTED (413; 429 where the share has
 * no more), INVALID_ARGUMENT for a bad Content-Length, CANCELLED if the caller left.
 */
export async function readBody(
	context: Context<HttpEnv>,
	maxBytes: number,
	share: ByteShare,
): Promise<Uint8Array> {
	const announced = context.req.header("content-length");
	if (announced !== undefined) {
		if (!/^\d{1,15}$/.test(announced)) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"the Content-Length header is not a number",
			);
		}
		if (Number(announced) > maxBytes) throw tooLarge(maxBytes);
	}
	// Hono leaves `env` out when there is no server.
	const env = context.env as HttpEnv["Bindings"] | undefined;
	const chunks = new Chunks(maxBytes, share, Number(announced ?? 0));
	try {
		if (env?.incoming) await readIncoming(env.incoming, chunks);
		else await readRequest(context.req.raw, chunks);
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw new EasyRemoteError(
			"CANCELLED",
			"the caller left before the request was complete",
			{ cause: error },
		);
	}
	return chunks.join();
}

/** What has come in of a body. */
class Chunks {
	readonly #maxBytes: number;
	readonly #share: ByteShare;
	readonly #chunks: Uint8Array[] = [];
	#size = 0;
	/** Bytes taken from the share so far. */
	#taken: number;

	/** @param announced bytes to be expected at least: taken at once, so that a body that has begun finds room to its end */
	constructor(maxBytes: number, share: ByteShare, announced: number) {
		this.#maxBytes = maxBytes;
		this.#share = share;
		share.take(announced);
		this.#taken = announced;
	}

	/** Throws RESOURCE_EXHAUSTED. */
	add(chunk: Uint8Array): void {
		this.#size += chunk.length;
		if (this.#size > this.#maxBytes) throw tooLarge(this.#maxBytes);
		if (this.#size > this.#taken) {
			this.#share.take(this.#size - this.#taken);
			this.#taken = this.#size;
		}
		this.#chunks.push(chunk);
	}

	/** Always a copy: a chunk is part of a larger buffer, which would be kept as long as the call. */
	join(): Uint8Array {
		return Buffer.concat(this.#chunks, this.#size);
	}
}

/** What a socket says is listened to directly: promises and copies on the way cost a small call more than its relaying. */
function readIncoming(
	incoming: NonNullable<HttpEnv["Bindings"]["incoming"]>,
	chunks: Chunks,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const take = (chunk: Uint8Array) => {
			try {
				chunks.add(chunk);
			} catch (error) {
				// The rest is for the server to drain, or to cut.
				incoming.off("data", take).pause();
				reject(toEasyRemoteError(error));
			}
		};
		const gone = () => {
			// Comes behind every request: an error made for each would cost more than all else here.
			if (!incoming.readableEnded)
				reject(new Error("the connection was closed"));
		};
		incoming.on("data", take);
		incoming.on("end", resolve);
		incoming.on("error", reject);
		incoming.on("close", gone);
		if (incoming.destroyed) gone();
	});
}

async function readRequest(request: Request, chunks: Chunks): Promise<void> {
	if (!request.body) return;
	const reader = (request.body as ReadableStream<Uint8Array>).getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		try {
			chunks.add(value);
		} catch (error) {
			await reader.cancel();
			throw error;
		}
	}
}

function tooLarge(maxBytes: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the request body is larger than ${maxBytes} bytes`,
		{
			details: { reason: "payload_too_large", limit: maxBytes },
			hint: "Send less, call through a client (its direct path has no such limit), or raise limits.maxBodyBytes.",
			retryable: false,
		},
	);
}
