import type { PortableValue } from "../codec/portable-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallOptions } from "./call-options.js";
import { preparePayload } from "./call-payload.js";
import type { CallInput } from "./call-request.js";

/** A job that was started: `client.job(id)` finds it, from any process with the same credential. */
export interface SpawnedJob {
	readonly id: string;
}

/** Options of a call that cannot be had without a caller who waits. */
const NEEDS_CALLER: readonly (keyof CallOptions)[] = [
	"onProgress",
	"transport",
	"directThreshold",
	"quorum",
];

/**
 * Arguments for a job, which are stored before it runs. Throws INVALID_ARGUMENT for what cannot be: streams, options that take
 * a caller who waits, and whatever cannot be sent at all.
 */
export function spawnPayload(
	input: CallInput,
	options: CallOptions | undefined,
): PortableValue {
	const wrong = NEEDS_CALLER.find((key) => options?.[key] !== undefined);
	if (wrong !== undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`option "${wrong}" is not to be had with spawn: nobody waits for the call`,
			wrong === "onProgress"
				? { hint: "client.job(id).events() tells how far a job is" }
				: {},
		);
	}
	const { value, named, inputs } = preparePayload({ input });
	const [stream] = inputs;
	if (!stream) return { ...value, named };
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`argument ${stream.index + 1} is a stream, and a job's arguments are stored before it runs`,
		{
			hint: "Collect it into an array or bytes, or call the function without spawn.",
		},
	);
}
