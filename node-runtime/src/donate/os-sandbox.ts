import { EasyRemoteError } from "@easyremote/shared/errors";

/** What was asked for on the command line. */
export interface SandboxWish {
	/** False where it is to be given up. */
	readonly sandbox: boolean;
	readonly force: boolean;
}

/**
 * Whether the browser runs with the operating system's sandbox: it is what stands between strangers' code that breaks out
 * of the browser's own, and the server. Throws INVALID_ARGUMENT where it would be given up without a second word, or
 * cannot be had.
 */
export function osSandbox(
	{ sandbox, force }: SandboxWish,
	isRoot: boolean,
): boolean {
	if (sandbox && !isRoot) return true;
	if (sandbox)
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"Chromium has no sandbox when it runs as root",
			{
				hint: "run this as a user of its own (useradd --system --create-home donor; runuser -u donor -- …)",
			},
		);
	if (force) return false;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"without its sandbox, published code that breaks out of the browser has this machine",
		{ hint: "add --force where that does not matter, such as in a container" },
	);
}
