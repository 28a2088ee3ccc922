import { EasyRemoteError } from "@easyremote/shared/errors";

/**
 * The credential in an `Authorization` header; undefined if there is no such header.
 * Throws UNAUTHENTICATED for a header that is there but is no bearer token: present and invalid is never "absent".
 */
export function readBearer(
	authorization: string | undefined,
): string | undefined {
	if (authorization === undefined) return undefined;
	const match = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(authorization);
	if (match?.[1] !== undefined) return match[1];
	throw new EasyRemoteError(
		"UNAUTHENTICATED",
		"the Authorization header is not of the form “Bearer <key>”",
		{
			hint: "Send Authorization: Bearer er_…",
		},
	);
}
