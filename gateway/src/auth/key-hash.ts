import { hash as hashOnce, timingSafeEqual } from "node:crypto";

/** What is stored of a key. Keys carry 256 random bits, so a plain SHA-256 is enough: there is nothing to guess. */
export function hashKey(key: string): string {
	return hashOnce("sha256", key, "hex");
}

/** Whether `key` is the one with that hash, in time that does not depend on where they differ. */
export function matchesHash(key: string, hash: string): boolean {
	const given = hashOnce("sha256", key, "buffer");
	const stored = Buffer.from(hash, "hex");
	return given.length === stored.length && timingSafeEqual(given, stored);
}
