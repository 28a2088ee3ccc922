import { EasyRemoteError } from "../errors/easyremote-error.js";
import { isStreamed } from "./streamed-input.js";

/**
 * A call's bytes as a Blob. Of a stream each item becomes a part as it comes: browsers keep Blobs outside of the page's
 * heap, and large ones on disk. Throws INVALID_ARGUMENT for what is no bytes.
 */
export async function blobOf(
	value: unknown,
	{ type, callId }: { readonly type: string; readonly callId: string },
): Promise<Blob> {
	const part = (bytes: unknown): Blob => {
		if (isBytes(bytes)) return new Blob([bytes], { type });
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the function gave ${isStreamed(value) ? "an item" : "a value"} that is no bytes`,
			{
				callId,
				hint: "await the call, or iterate it, instead of asking for a Blob",
			},
		);
	};
	if (!isStreamed(value)) return part(value);
	const parts: Blob[] = [];
	for await (const item of value) parts.push(part(item));
	return new Blob(parts, { type });
}

function isBytes(
	value: unknown,
): value is ArrayBuffer | ArrayBufferView<ArrayBuffer> {
	return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}
