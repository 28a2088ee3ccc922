import type { EncodedValue } from "@easyremote/shared/codec";
import { jsonLine, type StreamForm } from "./call-answer.js";
import { toProblem } from "./problem.js";

/** Media type of each form of a stream. */
export const STREAM_TYPES: Readonly<Record<StreamForm, string>> = {
	events: "text/event-stream; charset=utf-8",
	lines: "application/x-ndjson; charset=utf-8",
};

const encoder = new TextEncoder();

/**
 * A call's items as a body: server-sent events (WHATWG HTML §9.2), closed by `event: end` or `event: error`, or lines
 * of JSON, where a failure is a last line `{"error": …}`. An item is asked for only when the reader has room, so a slow
 * reader slows the function; a reader who leaves cancels it.
 *
 * @param done called once there is nothing more to send
 */
export function streamBody(
	items: AsyncIterator<EncodedValue | undefined>,
	form: StreamForm,
	callId: string,
	done: () => void,
): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const next = await items.next();
				if (next.done !== true) {
					controller.enqueue(frameItem(next.value, form));
					return;
				}
				if (form === "events")
					controller.enqueue(encoder.encode("event: end\ndata:\n\n"));
			} catch (error) {
				controller.enqueue(frameError(error, form, callId));
			}
			controller.close();
			done();
		},
		async cancel() {
			done();
			await items.return?.();
		},
	});
}

function frameItem(
	value: EncodedValue | undefined,
	form: StreamForm,
): Uint8Array {
	const line = jsonLine(value);
	return form === "events"
		? Buffer.concat([encoder.encode("data: "), line, encoder.encode("\n\n")])
		: Buffer.concat([line, encoder.encode("\n")]);
}

function frameError(
	error: unknown,
	form: StreamForm,
	callId: string,
): Uint8Array {
	const problem = toProblem(error, callId);
	return encoder.encode(
		form === "events"
			? `event: error\ndata: ${JSON.stringify(problem)}\n\n`
			: `${JSON.stringify({ error: problem })}\n`,
	);
}
