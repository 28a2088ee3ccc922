import type { CallInput } from "@easyremote/shared/caller";
import {
	unpackEnvelope,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { namedArguments } from "@easyremote/shared/host";
import * as v from "valibot";
import { type ContentType, readContentType } from "./content-type.js";

const argsQuery = v.pipe(v.string(), v.parseJson(), v.array(v.unknown()));

/** What a request says about its arguments. */
export interface CallBody {
	/** `Content-Type` */
	readonly contentType: string | undefined;
	/** `Content-Encoding` */
	readonly contentEncoding: string | undefined;
	readonly body: Uint8Array;
	/** `?args=` */
	readonly args: string | undefined;
}

/**
 * What a request calls the function with; an empty body is no arguments. JSON goes to the node as it came: it parses
 * it, and says what is wrong with it. MessagePack may be nested `maxDepth` deep.
 * Throws INVALID_ARGUMENT: 415 for what the gateway does not read, else 400.
 */
export function readCallInput(request: CallBody, maxDepth: number): CallInput {
	const { body, args } = request;
	refuseEncoding(request.contentEncoding);
	const content = readContentType(request.contentType);
	if (content.type === "application/octet-stream")
		return { args: [body, ...readArgs(args)] };
	if (args !== undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"?args= goes with a body of application/octet-stream only",
			{ hint: 'Send {"args": […], "kwargs": {…}} as JSON in the body.' },
		);
	}
	// Whatever it calls itself: programs that send nothing name types of all kinds.
	if (body.length === 0) return { args: [] };
	switch (content.type) {
		case "application/json":
			refuseCharset(content);
			return {
				encoded: { format: "json", body, attachments: [] },
				named: true,
			};
		case "application/msgpack":
			// Other languages write it plainly, nodes have a dialect among themselves: so it is taken apart here.
			return { args: namedArguments(unpackEnvelope(body, { maxDepth })) };
		case VALUE_MEDIA_TYPE: {
			const { named = false, ...encoded } = unpackValue(body);
			return { encoded, named };
		}
		default:
			throw unsupported(
				content.type === ""
					? "the request has no Content-Type"
					: `bodies of type “${content.type.slice(0, 100)}” are not taken`,
				"Send Content-Type: application/json, application/octet-stream or application/msgpack.",
			);
	}
}

function readArgs(parameter: string | undefined): unknown[] {
	if (parameter === undefined) return [];
	const result = v.safeParse(argsQuery, parameter);
	if (result.success) return result.output;
	throw new EasyRemoteError("INVALID_ARGUMENT", "?args= is not a JSON array", {
		hint: "For example ?args=[64] (URL-encoded) behind the bytes in the body.",
	});
}

/** Bodies pass through unread, so nobody would unpack a compressed one. */
function refuseEncoding(encoding: string | undefined): void {
	if (encoding === undefined || encoding.trim().toLowerCase() === "identity")
		return;
	throw unsupported(
		`bodies with Content-Encoding “${encoding.slice(0, 100)}” are not taken`,
		"Send the body uncompressed.",
	);
}

function refuseCharset({ charset }: ContentType): void {
	if (charset === undefined || charset === "utf-8" || charset === "utf8")
		return;
	throw unsupported(
		`JSON in charset “${charset.slice(0, 100)}” is not taken`,
		"Send it in UTF-8 (RFC 8259 knows no other).",
	);
}

function unsupported(message: string, hint: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", message, {
		details: { reason: "unsupported_media_type" },
		hint,
	});
}
