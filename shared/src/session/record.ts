import type { EncodedValue } from "../codec/encoded-value.js";
import { withPackedEnvelope } from "../codec/envelope.js";
import { takeSlice } from "../codec/slab.js";
import { writeUint32 } from "../codec/uint32.js";
import type { CallHeader, ValueLayout } from "../protocol/call-messages.js";
import { shortHeader } from "../protocol/short-header.js";

/**
 * Records: what the byte stream of one direction of a call is made of.
 *
 *     record := headerLength:u32be header[headerLength] body[value.length] attachment*
 *
 * The header is a plain msgpack map (a `CallMessage`), or a list of what would be in it; its `value` tells what follows.
 */
export const RECORD_PREFIX_BYTES = 4;

/** Below this the body is copied behind its header, so that a small record is one piece. */
const JOIN_BYTES = 8 * 1024;

/** Encodes a record as pieces to be sent one after the other. Large buffers are passed on, not copied. */
export function encodeRecord(
	header: CallHeader,
	value: EncodedValue | undefined,
): readonly Uint8Array[] {
	const joined =
		value && value.body.length <= JOIN_BYTES ? value.body : undefined;
	const layout = value && layoutOf(value);
	const join = (head: Uint8Array) => joinedPiece(head, joined);
	const short = shortHeader(header, layout);
	const first = withPackedEnvelope(short ?? { ...header, value: layout }, join);
	if (!value || (joined && value.attachments.length === 0)) return [first];
	const rest = joined ? value.attachments : [value.body, ...value.attachments];
	return [first, ...rest.filter((piece) => piece.length > 0)];
}

/** Length, header and, if it is short, the body. */
function joinedPiece(
	head: Uint8Array,
	body: Uint8Array | undefined,
): Uint8Array {
	const bodyAt = RECORD_PREFIX_BYTES + head.length;
	const piece = takeSlice(bodyAt + (body?.length ?? 0));
	writeUint32(piece, 0, head.length);
	piece.set(head, RECORD_PREFIX_BYTES);
	if (body) piece.set(body, bodyAt);
	return piece;
}

function layoutOf(value: EncodedValue): ValueLayout {
	const { format, body, attachments } = value;
	if (attachments.length === 0) return { format, length: body.length };
	return {
		format,
		length: body.length,
		attachments: attachments.map((buffer) => buffer.length),
	};
}
