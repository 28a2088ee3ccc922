import type {
	Call,
	Caller,
	CallInput,
	CallProgress,
	CallTarget,
} from "@easyremote/shared/caller";
import {
	byteLength,
	decodeValue,
	type EncodedValue,
	encodeValue,
} from "@easyremote/shared/codec";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type { JobProgress } from "./live-job.js";

/** One try to run a job. */
export interface JobTry {
	readonly caller: Caller;
	readonly target: CallTarget;
	readonly input: CallInput;
	/** ms. */
	readonly timeoutMs: number;
	/** Cancels it. */
	readonly signal: AbortSignal;
	readonly maxResultBytes: number;
	/** Whether an answer from a cache will do. */
	readonly cache: boolean;
	readonly traceparent: string | undefined;
	readonly onProgress: (progress: JobProgress) => void;
}

/** How a try ended. */
export type JobOutcome = {
	readonly nodeId: string | undefined;
	readonly callId: string;
} & (
	| { readonly ok: true; readonly result: EncodedValue }
	| {
			readonly ok: false;
			readonly error: EasyRemoteError;
			readonly mayHaveStarted: boolean;
	  }
);

type Answer =
	| AsyncIterator<EncodedValue | undefined>
	| EncodedValue
	| undefined;

/** Longest message of progress that is kept, characters. */
const LONGEST_MESSAGE = 1_000;

/** Makes the call of a job, and takes in what it gives: of a generator all items, as one list. Never rejects. */
export async function runJob(job: JobTry): Promise<JobOutcome> {
	const { target, input, signal, maxResultBytes, cache } = job;
	const tooLarge = new AbortController();
	const made = job.caller.start<Answer>({
		target,
		input,
		raw: true,
		// Whoever fetches the result says in which form: the one that keeps most becomes any other.
		accept: "msgpack",
		options: {
			signal: AbortSignal.any([signal, tooLarge.signal]),
			timeout: job.timeoutMs,
			transport: "relay",
			cache,
			traceparent: job.traceparent,
			onProgress: (progress) => {
				if (progress.type === "progress") job.onProgress(shown(progress));
				// Known before it is here, where it is large enough to matter.
				else if (
					(progress.receiveTotal ?? progress.received) >
					2 * maxResultBytes
				)
					tooLarge.abort();
			},
		},
	});
	try {
		const answer = await made;
		const result = isStream(answer)
			? await collect(answer, maxResultBytes)
			: (answer ?? encodeValue(undefined));
		if (byteLength(result) > maxResultBytes)
			throw resultTooLarge(maxResultBytes);
		return { ok: true, result, ...whereabouts(made) };
	} catch (error) {
		return {
			ok: false,
			error: tooLarge.signal.aborted
				? resultTooLarge(maxResultBytes)
				: toEasyRemoteError(error),
			mayHaveStarted: made.mayHaveStarted,
			...whereabouts(made),
		};
	}
}

function whereabouts(made: Call<Answer>) {
	return { nodeId: made.route.nodeId, callId: made.id };
}

/** @throws RESOURCE_EXHAUSTED as soon as there is more than may be kept; the function is told to stop */
async function collect(
	items: AsyncIterator<EncodedValue | undefined>,
	maxBytes: number,
): Promise<EncodedValue> {
	const values: unknown[] = [];
	let bytes = 0;
	for (;;) {
		const next = await items.next();
		if (next.done === true) return encodeValue(values);
		bytes += next.value ? byteLength(next.value) : 1;
		if (bytes > maxBytes) {
			await items.return?.();
			throw resultTooLarge(maxBytes);
		}
		values.push(next.value && decodeValue(next.value));
	}
}

function isStream(
	answer: Answer,
): answer is AsyncIterator<EncodedValue | undefined> {
	return answer !== undefined && "next" in answer;
}

function shown({
	fraction,
	message,
}: Extract<CallProgress, { type: "progress" }>): JobProgress {
	return {
		...(fraction === undefined ? {} : { fraction }),
		...(message === undefined
			? {}
			: { message: message.slice(0, LONGEST_MESSAGE) }),
	};
}

function resultTooLarge(maxBytes: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the result is larger than the ${maxBytes} bytes that are kept`,
		{
			details: { reason: "payload_too_large", limit: maxBytes },
			hint: "Call the function without a job or idempotency key, have it give less, or raise limits.maxJobResultBytes.",
			retryable: false,
		},
	);
}
