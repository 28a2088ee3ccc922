import { hostname } from "node:os";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { NAME_PATTERN } from "@easyremote/shared/protocol";

/** Longest node id, characters. */
const LONGEST = 64;

/** An id made from this machine's name: its first label, with what an id may not hold replaced by "-". */
export function defaultNodeId(host: string = hostname()): string {
	const label = host.split(".")[0] ?? "";
	const clean = label.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");
	const named = /^[A-Za-z_]/.test(clean)
		? clean
		: `node-${clean}`.replace(/-$/, "");
	return named.slice(0, LONGEST);
}

/** Throws INVALID_ARGUMENT for what cannot be the id of a node. */
export function checkNodeId(id: string): string {
	if (NAME_PATTERN.test(id)) return id;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${id.slice(0, 100)}" cannot be the id of a node`,
		{
			hint: "begin with a letter, go on with letters, digits, _ and -, 64 in all",
		},
	);
}
