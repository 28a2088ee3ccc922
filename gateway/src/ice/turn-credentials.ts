import { createHmac } from "node:crypto";

/** What a TURN server lets one peer in with, for a while. */
export interface TurnCredentials {
	readonly username: string;
	readonly credential: string;
}

/**
 * Credentials that a TURN server which knows `secret` accepts until `expiresAtMs`, without having been told of them:
 * the scheme of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest). The secret itself stays here.
 *
 * @param user whom they are for; the server's log shows it
 */
export function turnCredentials(
	secret: string,
	user: string,
	expiresAtMs: number,
): TurnCredentials {
	const username = `${Math.floor(expiresAtMs / 1000)}:${user}`;
	const credential = createHmac("sha1", secret)
		.update(username)
		.digest("base64");
	return { username, credential };
}
