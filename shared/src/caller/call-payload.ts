import { bothOf } from "../async/both-of.js";
import { byteLength, type EncodedValue } from "../codec/encoded-value.js";
import { msgpackValue } from "../codec/msgpack-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallRequest } from "./call-request.js";
import { inputPumps } from "./lazy-input-pump.js";
import { isStreamed, type StreamedInput } from "./streamed-input.js";

/** The most arguments that may stream at once (the protocol's limit). */
const MOST_STREAMS = 64;

/** Arguments made ready to leave, as often as the call is tried. */
export interface CallPayload {
	readonly value: EncodedValue;
	/** Bytes of `value`. */
	readonly bytes: number;
	readonly named: boolean;
	readonly inputs: readonly StreamedInput[];
	/** Has to be waited for before anything is sent. */
	readonly checked?: Promise<unknown> | undefined;
}

const NO_INPUTS: readonly StreamedInput[] = [];

/** Encodes arguments, and has them checked. Throws INVALID_ARGUMENT for what cannot be sent, naming the argument. */
export function preparePayload({
	input,
	check,
}: Pick<CallRequest, "input" | "check">): CallPayload {
	if ("encoded" in input) {
		const { encoded: value, named = false } = input;
		return { value, bytes: byteLength(value), named, inputs: NO_INPUTS };
	}
	const inputs = findStreams(input.args);
	const args =
		inputs.length === 0
			? input.args
			: input.args.map((arg) => (isStreamed(arg) ? undefined : arg));
	const value = msgpackValue.encode(args);
	const checked = bothOf(
		check?.(input.args),
		inputs.length > 0 && !inputPumps.code ? inputPumps.load() : undefined,
	);
	return { value, bytes: byteLength(value), named: false, inputs, checked };
}

function findStreams(args: readonly unknown[]): readonly StreamedInput[] {
	let inputs: StreamedInput[] | undefined;
	for (let index = 0; index < args.length; index += 1) {
		const arg = args[index];
		if (isStreamed(arg)) (inputs ??= []).push({ index, source: arg });
		else if (arg instanceof Promise) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`argument ${index + 1} is a promise`,
				{ hint: "await it before the call" },
			);
		}
	}
	if (inputs && inputs.length > MOST_STREAMS) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`${inputs.length} arguments are streams, at most ${MOST_STREAMS} can be`,
		);
	}
	return inputs ?? NO_INPUTS;
}
