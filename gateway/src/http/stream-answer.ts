import type { EncodedValue } from "@easyremote/shared/codec";
import type { Clock } from "@easyremote/shared/time";
import type { StreamForm } from "./accept.js";
import { jsonLine } from "./call-answer.js";
import { toProblem } from "./problem.js";

/** Media type of each form of a stream. */
export const STREAM_TYPES: Readonly<Record<StreamForm, string>> = {
	events: "text/event-stream; charset=utf-8",
	lines: "application/x-ndjson; charset=utf-8",
};

/** Proxies cut what is silent for a minute, some for half of one, ms. */
export const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();
/** A comment, which no reader of events hears of (WHATWG HTML §9.2.6). */
const HEARTBEAT = encoder.encode(":\n\n");

/** A stream on its way to an HTTP caller. */
export interface StreamAnswer {
	readonly items: AsyncIterator<EncodedValue | undefined>;
	readonly form: StreamForm;
	readonly callId: string;
	readonly clock: Clock;
	/** Called once there is nothing more to send. */
	readonly done: () => void;
}

/**
 * A call's items as a body: server-sent events (WHATWG HTML §9.2), closed by `event: end` or `event: error`, or lines
 * of JSON, where a failure is a last line `{"error": …}`. An item is asked for only when the reader has room, so a slow
 * reader slows the function; a reader who leaves cancels it. Events that are long in coming have comments before them;
 * lines have not, since not every reader of those skips an empty one.
 */
export function streamBody(answer: StreamAnswer): ReadableStream<Uint8Array> {
	const { items, form, clock, done } = answer;
	let pending: Promise<Part> | undefined;
	let left = false;
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			pending ??= nextPart(answer);
			const part =
				form === "events" ? await orHeartbeat(pending, clock) : await pending;
			if (left) return;
			if (part === "heartbeat") {
				controller.enqueue(HEARTBEAT);
				return;
			}
			pending = undefined;
			if (part.bytes) controller.enqueue(part.bytes);
			if (!part.last) return;
			controller.close();
			done();
		},
		async cancel() {
			left = true;
			done();
			await items.return?.();
		},
	});
}

/** What is to be sent next. */
interface Part {
	readonly bytes: Uint8Array | undefined;
	readonly last: boolean;
}

/** Never rejects. */
async function nextPart({ items, form, callId }: StreamAnswer): Promise<Part> {
	try {
		const next = await items.next();
		if (next.done !== true)
			return { bytes: frameItem(next.value, form), last: false };
		return { bytes: form === "events" ? END : undefined, last: true };
	} catch (error) {
		return { bytes: frameError(error, form, callId), last: true };
	}
}

function orHeartbeat(
	pending: Promise<Part>,
	clock: Clock,
): Promise<Part | "heartbeat"> {
	return new Promise((resolve) => {
		const cancel = clock.schedule(HEARTBEAT_MS, () => resolve("heartbeat"));
		void pending.then((part) => {
			cancel();
			resolve(part);
		});
	});
}

const END = encoder.encode("event: end\ndata:\n\n");

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
