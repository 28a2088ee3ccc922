import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { PROBE_FUNCTION } from "../protocol/probe.js";
import { mayCall } from "../security/grants.js";

/** Longest run: it waits for nothing, ms. */
const TIMEOUT_MS = 30_000;

/** What every node answers `PROBE_FUNCTION` with, whatever its own functions are. */
export const probeEntry: FunctionEntry = {
	name: PROBE_FUNCTION,
	// Measurements side by side would say nothing, and must not crowd out what the node is there for.
	options: { concurrency: 1 },
	descriptor: {
		name: PROBE_FUNCTION,
		public: false,
		authRequired: true,
		idempotent: true,
		stream: false,
	},
	stream: false,
	timeoutMs: TIMEOUT_MS,
	takesContext: false,
	invoke: (_call, [bytes, answerBytes]) => probe(bytes, answerBytes),
};

/**
 * Checks that a caller may measure the way to a node: whoever may call one of its functions.
 * Throws UNAUTHENTICATED for strangers, PERMISSION_DENIED for those who may call nothing there.
 */
export function authoriseProbe(
	caller: CallerIdentity,
	nodeId: string,
	functionNames: readonly string[],
): void {
	if (functionNames.some((name) => mayCall(caller.grants, nodeId, name)))
		return;
	throw new EasyRemoteError(
		caller.anonymous ? "UNAUTHENTICATED" : "PERMISSION_DENIED",
		`the way to node "${nodeId}" may be measured by those who may call a function there`,
		{ hint: `use a key with a grant such as call:${nodeId}.*` },
	);
}

function probe(bytes: unknown, answerBytes: unknown): Uint8Array {
	if (!(bytes instanceof Uint8Array) || bytes.length > PROTOCOL.probeBytes)
		throw invalid("the first argument is bytes");
	const isCount = Number.isInteger(answerBytes) && Number(answerBytes) >= 0;
	if (!isCount || Number(answerBytes) > PROTOCOL.probeBytes)
		throw invalid("the second argument is a number of bytes");
	return noise(Number(answerBytes));
}

/** Bytes that no compression makes fewer (xorshift32, Marsaglia 2003). */
function noise(length: number): Uint8Array {
	const words = new Uint32Array(Math.ceil(length / 4));
	let state = 0x9e37_79b9;
	for (let index = 0; index < words.length; index += 1) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[index] = state;
	}
	return new Uint8Array(words.buffer, 0, length);
}

function invalid(problem: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`${problem}, at most ${PROTOCOL.probeBytes}`,
	);
}
