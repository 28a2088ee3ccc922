import { EasyRemoteError } from "@easyremote/shared/errors";
import type { ByteShare } from "../limits/byte-budget.js";

/**
 * Reads a request's body whole, refusing as soon as it is known to be too large, however it was sent.
 * Its memory is taken from `share`, which the caller gives back. Throws RESOURCE_EXHAUSTED (413; 429 where the share has
 * no more), INVALID_ARGUMENT for a bad Content-Length, CANCELLED if the caller left.
 */
export async function readBody(
	request: Request,
	maxBytes: number,
	share: ByteShare,
): Promise<Uint8Array> {
	const announced = request.headers.get("content-length");
	try {
		if (announced === null) return await readCounted(request, maxBytes, share);
		if (!/^\d{1,15}$/.test(announced)) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"the Content-Length header is not a number",
			);
		}
		if (Number(announced) > maxBytes) throw tooLarge(maxBytes);
		share.take(Number(announced));
		// The HTTP parser holds the sender to the length announced: this is the short way.
		const body = new Uint8Array(await request.arrayBuffer());
		if (body.length > maxBytes) throw tooLarge(maxBytes);
		return body;
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw new EasyRemoteError(
			"CANCELLED",
			"the caller left before the request was complete",
			{ cause: error },
		);
	}
}

async function readCounted(
	request: Request,
	maxBytes: number,
	share: ByteShare,
): Promise<Uint8Array> {
	if (!request.body) return new Uint8Array();
	const reader = (request.body as ReadableStream<Uint8Array>).getReader();
	const chunks: Uint8Array[] = [];
	let size = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		size += value.length;
		if (size > maxBytes) {
			await reader.cancel();
			throw tooLarge(maxBytes);
		}
		share.take(value.length);
		chunks.push(value);
	}
	return Buffer.concat(chunks, size);
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
