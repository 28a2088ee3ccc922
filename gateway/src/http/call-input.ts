import {
	unpackEnvelope,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import type { CallInput } from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";

const argsQuery = v.pipe(v.string(), v.parseJson(), v.array(v.unknown()));
const namedArguments = v.object({
	args: v.optional(v.array(v.unknown()), []),
	kwargs: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** The media type of a request's body, without parameters, lower case. */
export function mediaType(contentType: string | undefined): string {
	const [type = ""] = (contentType ?? "").split(";", 1);
	return type.trim().toLowerCase();
}

/**
 * What a request's body calls the function with. JSON goes to the node as it came: it parses it, and says what is wrong
 * with it. MessagePack may be nested `maxDepth` deep. Throws INVALID_ARGUMENT for other types, for malformed MessagePack
 * and for a bad `?args=`.
 */
export function readCallInput(
	type: string,
	body: Uint8Array,
	argsParameter: string | undefined,
	maxDepth: number,
): CallInput {
	if (type === "application/octet-stream")
		return { args: [body, ...readArgs(argsParameter)] };
	if (argsParameter !== undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"?args= goes with a body of application/octet-stream only",
			{
				hint: 'Send {"args": […], "kwargs": {…}} as JSON in the body.',
			},
		);
	}
	if (body.length === 0 && (type === "" || type === "application/json"))
		return { args: [] };
	if (type === "application/json")
		return { encoded: { format: "json", body, attachments: [] }, named: true };
	if (type === "application/msgpack") return readMsgpack(body, maxDepth);
	if (type === VALUE_MEDIA_TYPE) {
		const { named = false, ...encoded } = unpackValue(body);
		return { encoded, named };
	}
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		type === ""
			? "the request has no Content-Type"
			: `bodies of type “${type.slice(0, 100)}” are not taken`,
		{
			hint: "Send Content-Type: application/json, application/octet-stream or application/msgpack.",
		},
	);
}

/** Plain MessagePack of other languages is not the dialect that nodes speak among themselves, so this is taken apart. */
function readMsgpack(body: Uint8Array, maxDepth: number): CallInput {
	const result = v.safeParse(
		namedArguments,
		unpackEnvelope(body, { maxDepth }),
	);
	if (!result.success) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"the body is not a map of `args`, an array, and `kwargs`, a map",
		);
	}
	const { args, kwargs } = result.output;
	return { args: Object.keys(kwargs).length > 0 ? [...args, kwargs] : args };
}

function readArgs(parameter: string | undefined): unknown[] {
	if (parameter === undefined) return [];
	const result = v.safeParse(argsQuery, parameter);
	if (result.success) return result.output;
	throw new EasyRemoteError("INVALID_ARGUMENT", "?args= is not a JSON array", {
		hint: "For example ?args=[64] (URL-encoded) behind the bytes in the body.",
	});
}
