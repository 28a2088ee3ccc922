import { createHash } from "node:crypto";

/** A strong validator of some bytes (RFC 9110 §8.8.3): a hash of them, quoted as HTTP wants it. */
export function etagOf(bytes: Uint8Array): string {
	const hash = createHash("sha256").update(bytes).digest("base64url");
	return `"${hash.slice(0, 22)}"`;
}
