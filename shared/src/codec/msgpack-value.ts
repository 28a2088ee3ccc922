import { Packr, Unpackr } from "msgpackr/index-no-eval";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { collectAttachments, withAttachments } from "./attachments.js";
import type { EncodedValue } from "./encoded-value.js";
import { registerExtensions } from "./msgpack-extensions.js";
import { guardMsgpack } from "./msgpack-guard.js";
import { plainView } from "./own-bytes.js";
import { packBytes } from "./packed-bytes.js";
import { refuseUnsendable } from "./unsendable.js";
import { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";

/** The two formats that msgpackr writes; `structured` keeps cycles and shared references. */
export type MsgpackFormat = "msgpack" | "structured";

const NO_BYTES = new Uint8Array();

registerExtensions();

const packrs: Record<MsgpackFormat, Packr> = {
	msgpack: newPackr("msgpack"),
	structured: newPackr("structured"),
};

const unpackrs: Readonly<Record<MsgpackFormat, Unpackr>> = {
	msgpack: new Unpackr({ copyBuffers: true, structuredClone: false }),
	structured: new Unpackr({ copyBuffers: true, structuredClone: true }),
};

/** Encodes any value but functions and the like. Throws INVALID_ARGUMENT that says what cannot be sent. */
export function encodeMsgpack(
	value: unknown,
	format: MsgpackFormat,
): EncodedValue {
	let body: Uint8Array = NO_BYTES;
	try {
		const attachments = collectAttachments(() => {
			body = packBytes(packrs[format], value);
		});
		return { format, body, attachments };
	} catch (error) {
		// What it had begun to write is not worth tidying up.
		packrs[format] = newPackr(format);
		throw encodingFailed(error, format);
	}
}

/** Decodes what `encodeMsgpack` wrote, or a stranger. Throws INVALID_ARGUMENT for whatever is wrong with it. */
export function decodeMsgpack(
	{ body, attachments }: EncodedValue,
	format: MsgpackFormat,
	limits: ValueLimits = {},
): unknown {
	guardMsgpack(body, {
		dialect: format === "structured" ? "references" : "records",
		maxDepth: limits.maxDepth ?? MAX_VALUE_DEPTH,
		maxHeapBytes: limits.maxHeapBytes,
	});
	try {
		return withAttachments(attachments, () =>
			unpackrs[format].unpack(plainView(body)),
		);
	} catch (error) {
		if (error instanceof EasyRemoteError) throw error;
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`malformed value: ${textOf(error)}`,
			{ cause: error },
		);
	}
}

function newPackr(format: MsgpackFormat): Packr {
	return new Packr({
		useRecords: mayBeRecord,
		moreTypes: true,
		structuredClone: format === "structured",
	});
}

/** Asked by msgpackr of every object that it has no extension for. */
function mayBeRecord(object: object): true {
	// msgpackr keeps its own notes under this key in the tree of shapes it has seen: one object that has it too
	// would spoil every later encoding of a shape that begins alike.
	if ("__keys__" in object) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			'an object with a key "__keys__" cannot be sent',
			{ hint: "rename the key, or send a Map" },
		);
	}
	// Some engines' built-in iterators call themselves plain objects.
	if ("next" in object && Symbol.iterator in object) refuseUnsendable(object);
	return true;
}

function encodingFailed(error: unknown, format: MsgpackFormat): Error {
	if (error instanceof EasyRemoteError) return error;
	const tooDeep =
		error instanceof Error && /call stack|recursion/i.test(error.message);
	if (!tooDeep) {
		return new EasyRemoteError(
			"INVALID_ARGUMENT",
			`this value cannot be sent: ${textOf(error)}`,
			{ cause: error },
		);
	}
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"this value refers to itself, or is nested too deep",
		format === "structured"
			? {}
			: {
					hint: 'the format "structured" keeps values that refer to themselves',
				},
	);
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : "unknown reason";
}
