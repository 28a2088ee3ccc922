import { EasyRemoteError } from "@easyremote/shared/errors";

/** Longest key, characters. */
const LONGEST = 255;

/**
 * Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), whose quotes, if there are any, belong to the key.
 * Throws INVALID_ARGUMENT for one that is empty, too long, or not of visible ASCII.
 */
export function readIdempotencyKey(
	header: string | undefined,
): string | undefined {
	if (header === undefined) return undefined;
	if (header.length <= LONGEST && /^[\x21-\x7e]+$/.test(header)) return header;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`an idempotency key is 1 to ${LONGEST} visible ASCII characters, without spaces`,
		{ hint: "A random UUID for each intent will do." },
	);
}
