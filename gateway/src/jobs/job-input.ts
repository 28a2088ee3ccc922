import { createHash } from "node:crypto";
import type { CallInput, CallTarget } from "@easyremote/shared/caller";
import { encodeValue, packValue, unpackValue } from "@easyremote/shared/codec";

/** Arguments as they are kept. Throws INVALID_ARGUMENT for what cannot be sent. */
export function packInput(input: CallInput): Uint8Array {
	if ("encoded" in input)
		return packValue({ ...input.encoded, named: input.named });
	return packValue(encodeValue(input.args));
}

/** The same arguments for a call. Throws INVALID_ARGUMENT. */
export function unpackInput(bytes: Uint8Array): CallInput {
	const { named = false, ...encoded } = unpackValue(bytes);
	return { encoded, named };
}

/** What an idempotency key is bound to: SHA-256 over what is called and with what, hex. */
export function fingerprintOf(target: CallTarget, input: Uint8Array): string {
	const { node, function: name, tags } = target;
	return createHash("sha256")
		.update(JSON.stringify([node ?? null, name, tags ?? []]))
		.update(input)
		.digest("hex");
}
