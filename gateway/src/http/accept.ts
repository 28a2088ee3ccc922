import { VALUE_MEDIA_TYPE } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { parseAccept } from "hono/utils/accept";

/** What a request's `Accept` header comes to. */
export interface Accepted {
	/** Binary results are wanted as they are. */
	readonly bytes: boolean;
	/** The form of all other results. */
	readonly values: ValueForm;
	/** The form of streams. */
	readonly stream: StreamForm;
}

/** The forms in which HTTP callers take values: `value` keeps every JavaScript type (PROTOCOL.md §6). */
export type ValueForm = "json" | "msgpack" | "value";

/** The forms in which HTTP callers take streams: server-sent events, or lines of JSON. */
export type StreamForm = "events" | "lines";

const BYTES = "application/octet-stream";
const MSGPACK = "application/msgpack";
const JSON_TYPE = "application/json";
const EVENTS = "text/event-stream";
const LINES = "application/x-ndjson";

/** Every type that a call can be answered with, and the patterns that mean one of them. */
const ANSWERS: ReadonlySet<string> = new Set([
	JSON_TYPE,
	BYTES,
	MSGPACK,
	VALUE_MEDIA_TYPE,
	EVENTS,
	LINES,
	"*/*",
	"application/*",
	"text/*",
]);

const VALUE_FORMS: ReadonlyMap<string, ValueForm> = new Map([
	[JSON_TYPE, "json"],
	[MSGPACK, "msgpack"],
	[VALUE_MEDIA_TYPE, "value"],
]);
const STREAM_FORMS: ReadonlyMap<string, StreamForm> = new Map([
	[EVENTS, "events"],
	[LINES, "lines"],
]);

const USUAL: Accepted = { bytes: false, values: "json", stream: "events" };

/**
 * Reads `Accept` (RFC 9110 §12.5.1). What kind of answer a call gives is not known before it has run, so each kind has
 * a form in which it comes, asked for or not: JSON, and events for streams. Only who takes nothing that a call could
 * answer is refused. Throws INVALID_ARGUMENT (406).
 */
export function readAccept(accept: string | undefined): Accepted {
	if (!accept || accept === "*/*" || accept === JSON_TYPE) return USUAL;
	const wanted = parseAccept(accept.toLowerCase())
		.filter(({ q }) => q > 0)
		.map(({ type }) => type);
	if (!wanted.some((type) => ANSWERS.has(type))) throw notAcceptable();
	return {
		bytes: wanted.includes(BYTES),
		values: firstOf(wanted, VALUE_FORMS) ?? "json",
		stream: firstOf(wanted, STREAM_FORMS) ?? "events",
	};
}

/** What the first of the types that is in `forms` stands for. */
function firstOf<Form>(
	types: readonly string[],
	forms: ReadonlyMap<string, Form>,
): Form | undefined {
	for (const type of types) {
		const form = forms.get(type);
		if (form !== undefined) return form;
	}
	return undefined;
}

function notAcceptable(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"nothing that a call answers is acceptable to this request",
		{
			details: { reason: "not_acceptable" },
			hint: `Accept ${JSON_TYPE}, ${BYTES}, ${MSGPACK}, ${EVENTS} or ${LINES}.`,
		},
	);
}
