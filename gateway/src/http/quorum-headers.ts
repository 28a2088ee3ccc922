import type { CallMeta } from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";

/**
 * `x-easyremote-quorum`: equal answers wanted, each of another donor. How many may be asked for is checked where the options
 * of all calls are. Throws INVALID_ARGUMENT.
 *
 * @param kept whether the call is kept, as a job or by a key
 */
export function readQuorum(
	header: string | undefined,
	kept: boolean,
): number | undefined {
	if (header === undefined) return undefined;
	if (!/^\d{1,2}$/.test(header)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"x-easyremote-quorum must be a whole number",
		);
	}
	if (kept) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"x-easyremote-quorum does not go with jobs and idempotency keys",
			{ hint: "leave out either; results of donors are compared all the same" },
		);
	}
	return Number(header);
}

/** Says of an answer that was to be compared with others how many there were, and how many were the same. */
export function quorumHeaders({
	verified,
}: Pick<CallMeta, "verified">): Readonly<Record<string, string>> {
	if (!verified) return {};
	const { answers, agreed } = verified;
	return { "x-easyremote-verified": `answers=${answers}, agreed=${agreed}` };
}
