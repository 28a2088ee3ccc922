import { EasyRemoteError } from "@easyremote/shared/errors";

/**
 * Throws INVALID_ARGUMENT unless the code has that SHA-256 (hex), and UNIMPLEMENTED where the page cannot tell because it
 * is no secure context.
 */
export async function requireSameCode(
	code: ArrayBuffer,
	sha256: string,
): Promise<void> {
	// Missing on pages that came over http from another machine, whatever the types say.
	const subtle = (crypto as Partial<Crypto>).subtle;
	if (!subtle)
		throw new EasyRemoteError(
			"UNIMPLEMENTED",
			"published code cannot be checked here: the page is not a secure context",
			{ hint: "open the page over https, or on localhost" },
		);
	const digest = new Uint8Array(await subtle.digest("SHA-256", code));
	const found = Array.from(digest, (byte) =>
		byte.toString(16).padStart(2, "0"),
	).join("");
	if (found !== sha256)
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the bundle's code is not what was offered: its SHA-256 is ${found}, not ${sha256.slice(0, 64)}`,
			{ hint: "it was damaged on its way or in the cache: fetch it again" },
		);
}
