import {
	decodeValue,
	type EncodedValue,
	encodeValue,
	packEnvelope,
	packValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Accepted } from "./accept.js";

/** A result as a body and its type. */
export interface AnswerBody {
	readonly type: string;
	readonly body: Uint8Array<ArrayBuffer> | string;
}

/**
 * Puts a function's result in the form asked for. JSON that a node has written goes out as it is, unread.
 * Throws what `decodeValue` throws.
 */
export function answerBody(
	result: EncodedValue | undefined,
	{ bytes, values }: Pick<Accepted, "bytes" | "values">,
): AnswerBody {
	if (!bytes && values === "json") return jsonAnswer(result);
	if (values === "value") {
		const packed = packValue(result ?? encodeValue(undefined));
		return { type: VALUE_MEDIA_TYPE, body: owned(packed) };
	}
	const value = result && decodeValue(result);
	if (bytes && (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)) {
		return {
			type: "application/octet-stream",
			body: owned(encodeValue(value, { format: "bytes" }).body),
		};
	}
	if (values === "msgpack") {
		return {
			type: "application/msgpack",
			body: owned(packEnvelope({ result: value ?? null })),
		};
	}
	return jsonAnswer({
		format: "json",
		body: encodeValue(value, { format: "json" }).body,
		attachments: [],
	});
}

/** One value as JSON text on a single line. */
export function jsonLine(value: EncodedValue | undefined): Buffer {
	const text = Buffer.from(jsonText(value));
	// Outside strings JSON takes any white space, inside them none of these bytes: a node that writes its JSON on
	// several lines must not break the framing of a stream, nor slip events into it.
	for (let index = 0; index < text.length; index += 1) {
		if (text[index] === 0x0a || text[index] === 0x0d) text[index] = 0x20;
	}
	return text;
}

const PREFIX = Buffer.from('{"result":');
const SUFFIX = Buffer.from("}");
/** Up to here a body is cheaper as text, which Node sends in one piece with the headers, bytes. */
const TEXT_BYTES = 16 * 1024;

function jsonAnswer(result: EncodedValue | undefined): AnswerBody {
	const json = jsonText(result);
	const body =
		json.length <= TEXT_BYTES
			? `{"result":${asBuffer(json).toString()}}`
			: owned(Buffer.concat([PREFIX, json, SUFFIX]));
	return { type: "application/json", body };
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
	return Buffer.from(buffer, byteOffset, length);
}

const NULL = Buffer.from("null");

function jsonText(value: EncodedValue | undefined): Uint8Array {
	if (!value) return NULL;
	if (value.format !== "json")
		return encodeValue(decodeValue(value), { format: "json" }).body;
	if (value.attachments.length === 0 && value.body.length > 0)
		return value.body;
	throw new EasyRemoteError("INTERNAL", "the node's answer is not JSON");
}

/** The same bytes as `Response` wants them: not in memory that is shared between threads. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return bytes.buffer instanceof ArrayBuffer
		? (bytes as Uint8Array<ArrayBuffer>)
		: new Uint8Array(bytes);
}
